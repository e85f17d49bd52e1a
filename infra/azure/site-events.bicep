// App Service tells of swaps, also of a person's own, so that a lane looks within seconds. An event is a hint: nothing is decided by it.

@description('Name of the site.')
param siteName string
@description('Region of the site: its system topic has to be there, too.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string
@description('Identity to deliver with.')
param identityId string
@description('The queue to deliver to.')
param queueId string

resource site 'Microsoft.Web/sites@2024-04-01' existing = {
  name: siteName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-warmswap-${uniqueString(site.id, token)}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    source: site.id
    topicType: 'Microsoft.Web.Sites'
  }
}

resource swaps 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'warmswap-swaps-${token}'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: [
        'Microsoft.Web.SlotSwapStarted'
        'Microsoft.Web.SlotSwapCompleted'
        'Microsoft.Web.SlotSwapFailed'
        'Microsoft.Web.SlotSwapWithPreviewStarted'
        'Microsoft.Web.SlotSwapWithPreviewCancelled'
      ]
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
      destination: {
        endpointType: 'ServiceBusQueue'
        properties: { resourceId: queueId }
      }
    }
    // A hint that comes late is worth nothing: the patrol has looked meanwhile.
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 60 }
  }
}
