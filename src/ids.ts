/**
 * Every id that package.json and code share. test/unit/manifest.test.ts holds both against each other,
 * so a forgotten or misspelt one fails the build.
 */

export const viewContainer = 'dockerNetworks';

export const views = {
  networks: 'dockerNetworks.networks',
  containers: 'dockerNetworks.containers',
  hostLinks: 'dockerNetworks.hostLinks',
} as const;
export type ViewId = (typeof views)[keyof typeof views];

/** View types of webview panels: what `activeWebviewPanelId` and `webviewId` are in conditions. */
export const panels = {
  topology: 'dockerNetworks.topology',
} as const;

export const commands = {
  refresh: 'dockerNetworks.refresh',
  /** The one whose row it is called on. */
  refreshEngine: 'dockerNetworks.refreshEngine',
  inspect: 'dockerNetworks.inspect',
  copyName: 'dockerNetworks.copyName',
  copyId: 'dockerNetworks.copyId',
  copyIp: 'dockerNetworks.copyIp',
  copyMac: 'dockerNetworks.copyMac',
  copyLinkName: 'dockerNetworks.copyLinkName',
  revealContainer: 'dockerNetworks.revealContainer',
  revealHostLink: 'dockerNetworks.revealHostLink',
  revealEndpoint: 'dockerNetworks.revealEndpoint',
  showLog: 'dockerNetworks.showLog',
  selectEngine: 'dockerNetworks.selectEngine',
  connectAnother: 'dockerNetworks.connectAnother',
  disconnectEngine: 'dockerNetworks.disconnectEngine',
  readKernelAfar: 'dockerNetworks.readKernelAfar',
  openSample: 'dockerNetworks.openSample',
  openSettings: 'dockerNetworks.openSettings',
  /** What a click on the status bar opens. */
  engineMenu: 'dockerNetworks.engineMenu',
  groupByNone: 'dockerNetworks.groupByNone',
  groupByDriver: 'dockerNetworks.groupByDriver',
  groupByProject: 'dockerNetworks.groupByProject',
  showBuiltIn: 'dockerNetworks.showBuiltIn',
  hideBuiltIn: 'dockerNetworks.hideBuiltIn',
  showStopped: 'dockerNetworks.showStopped',
  hideStopped: 'dockerNetworks.hideStopped',
  createNetwork: 'dockerNetworks.createNetwork',
  duplicateNetwork: 'dockerNetworks.duplicateNetwork',
  removeNetwork: 'dockerNetworks.removeNetwork',
  pruneNetworks: 'dockerNetworks.pruneNetworks',
  initSwarm: 'dockerNetworks.initSwarm',
  copyJoinToken: 'dockerNetworks.copyJoinToken',
  leaveSwarm: 'dockerNetworks.leaveSwarm',
  showSwarmNodes: 'dockerNetworks.showSwarmNodes',
  runService: 'dockerNetworks.runService',
  removeService: 'dockerNetworks.removeService',
  connect: 'dockerNetworks.connect',
  disconnect: 'dockerNetworks.disconnect',
  editEndpoint: 'dockerNetworks.editEndpoint',
  runContainer: 'dockerNetworks.runContainer',
  startContainer: 'dockerNetworks.startContainer',
  stopContainer: 'dockerNetworks.stopContainer',
  restartContainer: 'dockerNetworks.restartContainer',
  pauseContainer: 'dockerNetworks.pauseContainer',
  unpauseContainer: 'dockerNetworks.unpauseContainer',
  removeContainer: 'dockerNetworks.removeContainer',
  renameContainer: 'dockerNetworks.renameContainer',
  publishPort: 'dockerNetworks.publishPort',
  unpublishPort: 'dockerNetworks.unpublishPort',
  openInBrowser: 'dockerNetworks.openInBrowser',
  tailLogs: 'dockerNetworks.tailLogs',
  tailLogsWithOptions: 'dockerNetworks.tailLogsWithOptions',
  tailNetworkLogs: 'dockerNetworks.tailNetworkLogs',
  openLogs: 'dockerNetworks.openLogs',
  pauseLog: 'dockerNetworks.pauseLog',
  clearLog: 'dockerNetworks.clearLog',
  saveLog: 'dockerNetworks.saveLog',
  filterLog: 'dockerNetworks.filterLog',
  openShell: 'dockerNetworks.openShell',
  openNetworkShell: 'dockerNetworks.openNetworkShell',
  copyLastCommand: 'dockerNetworks.copyLastCommand',
  openDiagram: 'dockerNetworks.openDiagram',
  openAnotherDiagram: 'dockerNetworks.openAnotherDiagram',
  showInDiagram: 'dockerNetworks.showInDiagram',
  /** From an element of a diagram to its row. */
  revealInTree: 'dockerNetworks.revealInTree',
  copyAsMermaid: 'dockerNetworks.copyAsMermaid',
  /** What the active diagram is told to do. */
  diagramSearch: 'dockerNetworks.diagramSearch',
  diagramFit: 'dockerNetworks.diagramFit',
  diagramArrange: 'dockerNetworks.diagramArrange',
  diagramTable: 'dockerNetworks.diagramTable',
  diagramExport: 'dockerNetworks.diagramExport',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const settings = {
  connection: 'dockerNetworks.connection',
  otherConnections: 'dockerNetworks.otherConnections',
  groupBy: 'dockerNetworks.groupBy',
  showBuiltIn: 'dockerNetworks.showBuiltIn',
  showStopped: 'dockerNetworks.showStopped',
  readKernel: 'dockerNetworks.readKernel',
  toolsImage: 'dockerNetworks.toolsImage',
  logsTail: 'dockerNetworks.logs.tail',
  logsTimestamps: 'dockerNetworks.logs.timestamps',
} as const;
export type SettingId = (typeof settings)[keyof typeof settings];

export const contextKeys = {
  /** `connecting`, `ready`, `empty`, `unreachable`, `denied`, `unsupported`, `failed` or `disconnected`: which welcome view is shown. */
  state: 'dockerNetworks.state',
  /** `read`, or the `KernelAbsence`: why *Host Links* has no rows. */
  kernel: 'dockerNetworks.kernel',
  /** `none`, `driver` or `project`. */
  groupBy: 'dockerNetworks.groupBy',
  builtInShown: 'dockerNetworks.builtInShown',
  stoppedShown: 'dockerNetworks.stoppedShown',
  /** True for a recording: what would change an engine is not offered. */
  readOnly: 'dockerNetworks.readOnly',
  /** True while the active terminal is a log. */
  logTerminal: 'dockerNetworks.logTerminal',
} as const;
export type ContextKeyId = (typeof contextKeys)[keyof typeof contextKeys];
