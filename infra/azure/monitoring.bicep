// Logs are the metrics, too: what the alerts ask is written as structured lines (shared/metrics.ts).

@description('Region of the workspace.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string
@description('Principals of the apps, which may publish telemetry.')
param publisherPrincipalIds array

// Built-in role.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-warmswap-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-warmswap-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: workspace.id
  }
}

resource appsPublish 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principalId in publisherPrincipalIds: {
    name: guid(insights.id, principalId, metricsPublisher)
    scope: insights
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
    }
  }
]

output workspaceId string = workspace.id
output connectionString string = insights.properties.ConnectionString
