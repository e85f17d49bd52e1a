// One package, two apps: each function runs in exactly one of them, because the other is told to leave it.

@description('Region of the apps.')
param location string
@description('Tags of every resource.')
param tags object
@description('What makes names unique.')
param token string
@description('id, principalId and clientId of the ingress.')
param ingressIdentity object
@description('id, principalId and clientId of the deployer.')
param deployerIdentity object
@description('Connection string of Application Insights. It names the place; who may write there is the identity\'s matter.')
param insightsConnectionString string
@description('Host name of the Service Bus namespace.')
param namespaceHost string
@description('Address of the tables.')
param tableEndpoint string
@description('Address of the blobs.')
param blobEndpoint string
@description('Where the vault holds the tokens of callers, with the version. Empty: it holds none.')
param tokensUri string
@description('Where it holds the bot token of Slack.')
param slackTokenUri string
@description('Where it holds the signing secret of Slack.')
param slackSigningSecretUri string
@description('Id of the Slack workspace.')
param slackTeamId string
@description('Id of the Slack app.')
param slackAppId string
@description('Networks of the owner\'s that addresses named by others may lead to.')
param allowedNetworks string
@description('True: no act is started anywhere.')
param stopped bool

var ingressFunctions = [
  'changeErrorGroup'
  'getDeadLetter'
  'getDeployment'
  'getInput'
  'getJournal'
  'getLane'
  'getMarker'
  'getOpenapi'
  'getReleaseProcess'
  'healthz'
  'listDeadLetters'
  'listDeployments'
  'listErrorGroups'
  'listLanes'
  'listMarkers'
  'postBuild'
  'postCommand'
  'postErrors'
  'postMarker'
  'replayDeadLetter'
  'slackCommands'
  'slackInteractions'
]
var deployerFunctions = [
  'buildCompleted'
  'digest'
  'drainBuilds'
  'drainErrorReports'
  'drainLanes'
  'drainPackages'
  'drainSiteEvents'
  'drainSlack'
  'errorReports'
  'fold'
  'forget'
  'laneInput'
  'notice'
  'packageOrder'
  'siteEvent'
  'sweep'
]

var sharedSettings = union(
  {
    ServiceBus__fullyQualifiedNamespace: namespaceHost
    Storage__tableServiceUri: tableEndpoint
    Storage__blobServiceUri: blobEndpoint
    // npm run package puts the owner's file there.
    WARMSWAP_APPS_FILE: '/home/site/wwwroot/apps.yaml'
  },
  empty(slackTeamId) ? {} : { WARMSWAP_SLACK_TEAM_ID: slackTeamId },
  empty(slackAppId) ? {} : { WARMSWAP_SLACK_APP_ID: slackAppId },
  empty(allowedNetworks) ? {} : { WARMSWAP_ALLOWED_NETWORKS: allowedNetworks }
)

var ingressSettings = union(
  sharedSettings,
  empty(tokensUri) ? {} : { WARMSWAP_TOKENS: '@Microsoft.KeyVault(SecretUri=${tokensUri})' },
  empty(slackSigningSecretUri) ? {} : { WARMSWAP_SLACK_SIGNING_SECRET: '@Microsoft.KeyVault(SecretUri=${slackSigningSecretUri})' },
  toObject(deployerFunctions, name => 'AzureWebJobs.${name}.Disabled', name => 'true')
)

var deployerSettings = union(
  sharedSettings,
  {
    WARMSWAP_ARM_ENDPOINT: environment().resourceManager
    WARMSWAP_STOP: stopped ? 'true' : 'false'
    // People cannot reach this app: links lead to the other one.
    WARMSWAP_SERVICE_URL: ingress.outputs.url
  },
  empty(slackTokenUri) ? {} : { WARMSWAP_SLACK_TOKEN: '@Microsoft.KeyVault(SecretUri=${slackTokenUri})' },
  toObject(ingressFunctions, name => 'AzureWebJobs.${name}.Disabled', name => 'true')
)

module ingress 'function-app.bicep' = {
  name: 'warmswap-ingress'
  params: {
    location: location
    tags: tags
    serviceName: 'ingress'
    appName: 'func-ingress-${token}'
    hostStorageName: 'stingress${token}'
    identity: ingressIdentity
    insightsConnectionString: insightsConnectionString
    settings: ingressSettings
    isPublic: true
  }
}

module deployer 'function-app.bicep' = {
  name: 'warmswap-deployer'
  params: {
    location: location
    tags: tags
    serviceName: 'deployer'
    appName: 'func-deployer-${token}'
    hostStorageName: 'stdeployer${token}'
    identity: deployerIdentity
    insightsConnectionString: insightsConnectionString
    settings: deployerSettings
    isPublic: false
  }
}

output ingressName string = ingress.outputs.name
output ingressUrl string = ingress.outputs.url
output deployerName string = deployer.outputs.name
