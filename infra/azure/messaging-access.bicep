// Rights on single queues, none on the namespace.

@description('Name of the namespace.')
param namespaceName string
@description('Every queue.')
param queueNames array
@description('The topic of what is published.')
param topicName string
@description('The subscription of that topic which tells people.')
param subscriptionName string
@description('The queue Event Grid delivers to.')
param siteEventsQueueName string
@description('Principal of the ingress.')
param ingressPrincipalId string
@description('Principal of the deployer.')
param deployerPrincipalId string
@description('Principal with which Event Grid delivers.')
param eventsPrincipalId string

// Built-in roles.
var dataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var dataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

// The deployer sends what it works through itself: inputs and wakes of lanes, orders of packages, and the probe at the end of a watch.
var deployerSends = [
  'lanes'
  'packages'
  'error-reports'
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [
  for name in queueNames: {
    parent: namespace
    name: name
  }
]

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: namespace
  name: topicName
}

resource slackSubscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' existing = {
  parent: topic
  name: subscriptionName
}

// Builds and commands go to lanes; a replayed dead letter goes to wherever it came from, which is any of them.
resource ingressSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in queueNames: {
    name: guid(namespace.id, name, ingressPrincipalId, dataSender)
    scope: queue[index]
    properties: {
      principalId: ingressPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
    }
  }
]

// Error reports of an unknown app are announced.
resource ingressPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, ingressPrincipalId, dataSender)
  scope: topic
  properties: {
    principalId: ingressPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}

resource deployerReceives 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in queueNames: {
    name: guid(namespace.id, name, deployerPrincipalId, dataReceiver)
    scope: queue[index]
    properties: {
      principalId: deployerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReceiver)
    }
  }
]

resource deployerIsSubscribed 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(slackSubscription.id, deployerPrincipalId, dataReceiver)
  scope: slackSubscription
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReceiver)
  }
}

resource deployerSendsToQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for name in deployerSends: {
    name: guid(namespace.id, name, deployerPrincipalId, dataSender)
    scope: queue[indexOf(queueNames, name)]
    properties: {
      principalId: deployerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
    }
  }
]

resource deployerPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, deployerPrincipalId, dataSender)
  scope: topic
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}

resource eventGridDelivers 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace.id, siteEventsQueueName, eventsPrincipalId, dataSender)
  scope: queue[indexOf(queueNames, siteEventsQueueName)]
  properties: {
    principalId: eventsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}
