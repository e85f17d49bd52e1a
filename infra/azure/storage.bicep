// What the service keeps: tables and packages. The state of the function hosts lies in accounts of their own (host-storage.bicep),
// because a host needs to own blobs there, and an ingress that owned these could put another package in place of a build.

@description('Region of the account.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string
@description('How the account is replicated.')
param sku string
@description('Principal of the ingress.')
param ingressPrincipalId string
@description('Principal of the deployer.')
param deployerPrincipalId string

var tableNames = [
  'Lanes'
  'Markers'
  'ErrorDeltas'
  'ErrorGroups'
  'DeadLetters'
]
var containerNames = [
  'packages'
]
// What the HTTP functions read, and what they append to. Lanes are moved by the deployer alone; error reports are only added.
var ingressReads = [
  'Lanes'
  'Markers'
  'ErrorGroups'
  'DeadLetters'
]
var ingressAppends = [
  'Markers'
  'ErrorDeltas'
  'ErrorGroups'
  'DeadLetters'
]

// Built-in roles.
var tableDataReader = '76199698-9eea-4c19-bc75-cec21354c6b6'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDelegator = 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'stwarm${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
    // The lifecycle rule below asks when a package was last read.
    lastAccessTimeTrackingPolicy: { enable: true, name: 'AccessTimeTracking', trackingGranularityInDays: 1, blobType: ['blockBlob'] }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [
  for name in containerNames: {
    parent: blobService
    name: name
    properties: { publicAccess: 'None' }
  }
]

// Warmswap itself deletes no package: one may be what is rolled back to.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'packages-nobody-read-for-ninety-days'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['packages/'] }
            actions: { baseBlob: { delete: { daysAfterLastAccessTimeGreaterThan: 90 } } }
          }
        }
      ]
    }
  }
  dependsOn: [blobService]
}

// Adds and changes entities, and deletes none. The built-in contributor deletes as well.
resource appender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, token, 'appends to a table')
  properties: {
    roleName: 'Warmswap appends to a table (${token})'
    description: 'Adds and updates entities of a table; reads and deletes none.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/update/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource ingressReadsTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for name in ingressReads: {
    name: guid(account.id, name, ingressPrincipalId, tableDataReader)
    scope: tables[indexOf(tableNames, name)]
    properties: {
      principalId: ingressPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataReader)
    }
  }
]

resource ingressAppendsToTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for name in ingressAppends: {
    name: guid(account.id, name, ingressPrincipalId, 'appends to a table')
    scope: tables[indexOf(tableNames, name)]
    properties: {
      principalId: ingressPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: appender.id
    }
  }
]

resource deployerKeepsTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in tableNames: {
    name: guid(account.id, name, deployerPrincipalId, tableDataContributor)
    scope: tables[index]
    properties: {
      principalId: deployerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    }
  }
]

resource deployerKeepsPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in containerNames: {
    name: guid(account.id, name, deployerPrincipalId, blobDataContributor)
    scope: containers[index]
    properties: {
      principalId: deployerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    }
  }
]

// A site fetches its package by an address signed with a user delegation key, and that key is given at the account alone.
resource deployerSignsAddresses 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, deployerPrincipalId, blobDelegator)
  scope: account
  properties: {
    principalId: deployerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDelegator)
  }
}

output accountName string = account.name
output tableEndpoint string = account.properties.primaryEndpoints.table
output blobEndpoint string = account.properties.primaryEndpoints.blob
