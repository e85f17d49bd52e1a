// One function app on Flex Consumption. A plan of that kind carries one app.

@description('Region of the app.')
param location string
@description('Tags of every resource.')
param tags object
@description('The name azd knows the app by.')
param serviceName string
@description('Name of the app.')
param appName string
@description('Name of the storage account of its host.')
param hostStorageName string
@description('id, principalId and clientId of the identity it runs as.')
param identity object
@description('Connection string of Application Insights.')
param insightsConnectionString string
@description('Its settings, beside those that tell it who it is.')
param settings object
@description('Whether it answers the internet. Deployments reach one that does not all the same, by its SCM site and with an Entra token.')
param isPublic bool

// Which identity is meant is said to each that asks: the host's storage, the triggers, the telemetry, and the SDKs of our own.
var identitySettings = {
  AzureWebJobsStorage__blobServiceUri: hostStorage.outputs.blobEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identity.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  AZURE_CLIENT_ID: identity.clientId
}

module hostStorage 'host-storage.bicep' = {
  name: 'warmswap-${serviceName}-host-storage'
  params: { location: location, tags: tags, name: take(hostStorageName, 24), principalId: identity.principalId }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${appName}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Who resolves Key Vault references; without it the platform asks a system-assigned identity that is not there.
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: hostStorage.outputs.deploymentContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: 40 }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      ipSecurityRestrictions: []
      ipSecurityRestrictionsDefaultAction: isPublic ? 'Allow' : 'Deny'
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(identitySettings, settings)
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
