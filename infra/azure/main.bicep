targetScope = 'subscription'

// Two function apps from one package. The ingress answers HTTP and may enqueue and read; the deployer has no public HTTP and may act on
// the named sites. Each has an identity of its own, and nothing here has a key: local authentication is off wherever it can be.

@description('Name of this installation; every name is derived from it. azd: AZURE_ENV_NAME.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but the sites. It must offer Flex Consumption.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The resource group to create or to use.')
param resourceGroupName string = 'rg-${environmentName}'

@description('Resource ids of the existing App Service sites Warmswap may act on, with a comma between them. Rights on one that is taken out stay until they are deleted: docs/operations.md.')
@minLength(1)
param sites string

@description('Whether the sites tell of swaps through Event Grid. Turn it off where a site already has a system topic: Azure allows one for each, and a person\'s swap is then noticed by the patrol some minutes later.')
param siteEvents bool = true

@description('Value of WARMSWAP_TOKENS: names, SHA-256 and rights of those who may call. Empty: nobody may.')
@secure()
param tokens string = ''

@description('Bot token of the Slack app. Empty: nobody is told by Slack.')
@secure()
param slackToken string = ''

@description('Signing secret of the Slack app. Empty: nobody decides in Slack.')
@secure()
param slackSigningSecret string = ''

@description('Id of the Slack workspace, T….')
param slackTeamId string = ''

@description('Id of the Slack app, A….')
param slackAppId string = ''

@description('Who is written to when an alert fires. Empty: alerts are only shown in the portal.')
param alertEmail string = ''

@description('Networks of yours, in CIDR notation with commas, that addresses named by others may lead to.')
param allowedNetworks string = ''

@description('How tables and packages are replicated. Where a region has no zones: Standard_LRS; to take over in a second region: Standard_RAGZRS or Standard_RAGRS, whose copy there can be read.')
@allowed(['Standard_ZRS', 'Standard_LRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGRS', 'Standard_RAGZRS'])
param storageSku string = 'Standard_ZRS'

@description('True: no act is started anywhere.')
param stopped bool = false

var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }
// /subscriptions/{2}/resourcegroups/{4}/providers/microsoft.web/sites/{8}. Azure does not mind how they are spelt; names made of them do.
var siteParts = map(filter(split(toLower(sites), ','), each => !empty(trim(each))), each => split(trim(each), '/'))
// Once for each group: union drops what is there twice.
var siteGroups = union(map(siteParts, each => '/subscriptions/${each[2]}/resourceGroups/${each[4]}'), [])

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

// A role of one's own belongs to the groups it is made for; each group with sites has one, which nobody else need touch.
module siteRoles 'site-role.bicep' = [
  for each in siteGroups: {
    name: 'warmswap-role-${uniqueString(each)}'
    scope: resourceGroup(split(each, '/')[2], split(each, '/')[4])
    params: { token: token }
  }
]

module identities 'identities.bicep' = {
  name: 'warmswap-identities'
  scope: group
  params: { location: location, tags: tags, token: token }
}

module monitoring 'monitoring.bicep' = {
  name: 'warmswap-monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    publisherPrincipalIds: [identities.outputs.ingress.principalId, identities.outputs.deployer.principalId]
  }
}

module storage 'storage.bicep' = {
  name: 'warmswap-storage'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: storageSku
    ingressPrincipalId: identities.outputs.ingress.principalId
    deployerPrincipalId: identities.outputs.deployer.principalId
  }
}

module messaging 'messaging.bicep' = {
  name: 'warmswap-messaging'
  scope: group
  params: { location: location, tags: tags, token: token }
}

module messagingAccess 'messaging-access.bicep' = {
  name: 'warmswap-messaging-access'
  scope: group
  params: {
    namespaceName: messaging.outputs.namespaceName
    queueNames: messaging.outputs.queueNames
    topicName: messaging.outputs.topicName
    subscriptionName: messaging.outputs.subscriptionName
    siteEventsQueueName: messaging.outputs.siteEventsQueueName
    ingressPrincipalId: identities.outputs.ingress.principalId
    deployerPrincipalId: identities.outputs.deployer.principalId
    eventsPrincipalId: identities.outputs.events.principalId
  }
}

module vault 'vault.bicep' = {
  name: 'warmswap-vault'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    tokens: tokens
    slackToken: slackToken
    slackSigningSecret: slackSigningSecret
    ingressPrincipalId: identities.outputs.ingress.principalId
    deployerPrincipalId: identities.outputs.deployer.principalId
  }
}

module apps 'apps.bicep' = {
  name: 'warmswap-apps'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    ingressIdentity: identities.outputs.ingress
    deployerIdentity: identities.outputs.deployer
    insightsConnectionString: monitoring.outputs.connectionString
    namespaceHost: messaging.outputs.namespaceHost
    tableEndpoint: storage.outputs.tableEndpoint
    blobEndpoint: storage.outputs.blobEndpoint
    tokensUri: vault.outputs.tokensUri
    slackTokenUri: vault.outputs.slackTokenUri
    slackSigningSecretUri: vault.outputs.slackSigningSecretUri
    slackTeamId: slackTeamId
    slackAppId: slackAppId
    allowedNetworks: allowedNetworks
    stopped: stopped
  }
  // A first start without its rights would find them only after a restart.
  dependsOn: [messagingAccess]
}

module alerts 'alerts.bicep' = {
  name: 'warmswap-alerts'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    namespaceId: messaging.outputs.namespaceId
    alertEmail: alertEmail
  }
}

// A site may lie in any resource group, of any subscription of this tenant, and in a region of its own.
module siteAccess 'site-access.bicep' = [
  for each in siteParts: {
    name: 'warmswap-access-${uniqueString(join(each, '/'))}'
    scope: resourceGroup(each[2], each[4])
    params: {
      siteName: each[8]
      roleName: siteRoles[indexOf(siteGroups, '/subscriptions/${each[2]}/resourceGroups/${each[4]}')].outputs.roleName
      deployerPrincipalId: identities.outputs.deployer.principalId
    }
  }
]

module siteTopics 'site-events.bicep' = [
  for (each, index) in siteParts: if (siteEvents) {
    name: 'warmswap-events-${uniqueString(join(each, '/'))}'
    scope: resourceGroup(each[2], each[4])
    params: {
      siteName: each[8]
      location: siteAccess[index].outputs.siteLocation
      tags: tags
      token: token
      identityId: identities.outputs.events.id
      queueId: messaging.outputs.siteEventsQueueId
    }
    // Event Grid tries the identity when the subscription is made.
    dependsOn: [messagingAccess]
  }
]

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name
@description('Where people and callers reach the service.')
output WARMSWAP_URL string = apps.outputs.ingressUrl
@description('POST a finished build here, or send it to the queue builds.')
output WARMSWAP_BUILDS_URL string = '${apps.outputs.ingressUrl}/api/v1/builds'
@description('POST error reports here, or send them to the queue error-reports.')
output WARMSWAP_ERRORS_URL string = '${apps.outputs.ingressUrl}/api/v1/errors'
@description('POST what others deployed here.')
output WARMSWAP_MARKERS_URL string = '${apps.outputs.ingressUrl}/api/v1/markers'
@description('For the Slack app: interactivity, request URL.')
output WARMSWAP_SLACK_INTERACTIONS_URL string = '${apps.outputs.ingressUrl}/slack/interactions'
@description('For the Slack app: slash command, request URL.')
output WARMSWAP_SLACK_COMMANDS_URL string = '${apps.outputs.ingressUrl}/slack/commands'
@description('Where the queues are; give a pipeline Azure Service Bus Data Sender on one to let it send there.')
output WARMSWAP_SERVICE_BUS string = messaging.outputs.namespaceHost
@description('Account of the tables and packages.')
output WARMSWAP_STORAGE_ACCOUNT string = storage.outputs.accountName
@description('Vault of the secrets.')
output WARMSWAP_VAULT string = vault.outputs.vaultName
@description('The function app that answers HTTP.')
output WARMSWAP_INGRESS_APP string = apps.outputs.ingressName
@description('The function app that acts on the sites.')
output WARMSWAP_DEPLOYER_APP string = apps.outputs.deployerName
@description('Client id of the ingress.')
output WARMSWAP_INGRESS_CLIENT_ID string = identities.outputs.ingress.clientId
@description('Client id of the deployer: who acts on the sites, in their activity log.')
output WARMSWAP_DEPLOYER_CLIENT_ID string = identities.outputs.deployer.clientId
