// docs/operations.md says of each what to look at and what to do.

@description('Region of the rules.')
param location string
@description('Tags of every resource.')
param tags object
@description('The workspace the logs are in.')
param workspaceId string
@description('The Service Bus namespace.')
param namespaceId string
@description('Who is written to; empty: nobody.')
param alertEmail string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'warmswap-people'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'warmswap'
    emailReceivers: empty(alertEmail) ? [] : [
      { name: 'people', emailAddress: alertEmail, useCommonAlertSchema: true }
    ]
  }
}

// Messages Service Bus gave up and that were not drained to the table DeadLetters.
resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'warmswap-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages lie in a dead-letter queue.'
    severity: 2
    enabled: true
    scopes: [namespaceId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead letters of an entity'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [
            { name: 'EntityName', operator: 'Include', values: ['*'] }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    autoMitigate: true
    actions: [
      { actionGroupId: people.id }
    ]
  }
}

// Each rule fires when its query has a row. Column names are those of a workspace-based Application Insights.
var logAlerts = [
  {
    name: 'warmswap-dead-letters-kept'
    description: 'Something could not be read or handled, and was kept in the table DeadLetters.'
    severity: 2
    windowSize: 'PT5M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where tostring(line.what) == 'metric' and tostring(line.metric) == 'dead-letter.kept'
    '''
  }
  {
    // A sweep that says nothing is worse than one that finds something.
    name: 'warmswap-stuck-lanes'
    description: 'Lanes have been overdue for ten minutes, or nothing asked whether they are.'
    severity: 1
    windowSize: 'PT10M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where tostring(line.what) == 'metric' and tostring(line.metric) == 'lanes.overdue'
      | summarize sweeps = count(), fewest = min(toint(line.value))
      | where sweeps == 0 or fewest > 0
    '''
  }
  {
    name: 'warmswap-needs-human'
    description: 'A deployment ended in a state that only a person may judge; its lane is on hold.'
    severity: 1
    windowSize: 'PT5M'
    query: '''
      AppTraces
      | extend line = parse_json(Message)
      | where tostring(line.what) == 'metric' and tostring(line.metric) == 'deployment.ended' and tostring(line.outcome) == 'needs-human'
    '''
  }
  {
    // What a caller did wrong is answered 4xx and is no fault of a function.
    name: 'warmswap-failed-functions'
    description: 'Invocations failed.'
    severity: 2
    windowSize: 'PT5M'
    query: '''
      AppRequests
      | where Success == false and not(ResultCode startswith '4')
    '''
  }
]

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [
  for each in logAlerts: {
    name: each.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: each.name
      description: each.description
      severity: each.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: each.windowSize
      // The tables of a new workspace come with the first lines.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: each.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [people.id] }
    }
  }
]
