// User-assigned, so that their rights are there before the apps first start.

@description('Region of the identities.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string

resource ingressIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-ingress-${token}'
  location: location
  tags: tags
}

resource deployerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-deployer-${token}'
  location: location
  tags: tags
}

// With which Event Grid delivers: it may send to one queue and do nothing else.
resource eventsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-events-${token}'
  location: location
  tags: tags
}

output ingress object = {
  id: ingressIdentity.id
  principalId: ingressIdentity.properties.principalId
  clientId: ingressIdentity.properties.clientId
}
output deployer object = {
  id: deployerIdentity.id
  principalId: deployerIdentity.properties.principalId
  clientId: deployerIdentity.properties.clientId
}
output events object = {
  id: eventsIdentity.id
  principalId: eventsIdentity.properties.principalId
}
