// Sessions and duplicate detection cannot be changed once a queue is there: a change of one takes a new queue.

@description('Region of the namespace.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string

// As infra/local/declaration.json says it for the local Azure.
var queues = [
  {
    name: 'builds'
    requiresSession: false
    requiresDuplicateDetection: true
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
  {
    name: 'error-reports'
    requiresSession: false
    requiresDuplicateDetection: false
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
  {
    // Hints, and worth nothing once the patrol has looked.
    name: 'site-events'
    requiresSession: false
    requiresDuplicateDetection: false
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'PT1H'
    deadLetteringOnMessageExpiration: false
  }
  {
    name: 'packages'
    requiresSession: false
    requiresDuplicateDetection: true
    lockDuration: 'PT2M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
  {
    // Session = lane: what keeps two deployments of a lane apart.
    name: 'lanes'
    requiresSession: true
    requiresDuplicateDetection: true
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
]
var siteEventsQueue = 'site-events'
var duplicateDetectionWindow = 'PT10M'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-warmswap-${token}'
  location: location
  tags: tags
  // Basic has neither topics, nor sessions, nor duplicate detection.
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for each in queues: {
    parent: namespace
    name: each.name
    properties: {
      requiresSession: each.requiresSession
      requiresDuplicateDetection: each.requiresDuplicateDetection
      duplicateDetectionHistoryTimeWindow: duplicateDetectionWindow
      lockDuration: each.lockDuration
      maxDeliveryCount: each.maxDeliveryCount
      defaultMessageTimeToLive: each.defaultMessageTimeToLive
      deadLetteringOnMessageExpiration: each.deadLetteringOnMessageExpiration
      maxSizeInMegabytes: 5120
    }
  }
]

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: 'deployment-events'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: duplicateDetectionWindow
    maxSizeInMegabytes: 5120
  }
}

resource slackSubscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topic
  name: 'slack'
  properties: {
    requiresSession: true
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
}

output namespaceId string = namespace.id
output namespaceName string = namespace.name
output namespaceHost string = split(split(namespace.properties.serviceBusEndpoint, '://')[1], ':')[0]
output queueNames array = map(queues, each => each.name)
output topicName string = topic.name
output subscriptionName string = slackSubscription.name
output siteEventsQueueName string = siteEventsQueue
output siteEventsQueueId string = resourceId('Microsoft.ServiceBus/namespaces/queues', namespace.name, siteEventsQueue)
