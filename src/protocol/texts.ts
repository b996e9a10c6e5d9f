/**
 * Every text that the webview shows of its own; the panel fills it through l10n. `{0}`, `{1}` … are replaced by the
 * webview. What is named in the kernel's or in Docker's own words (eth0, ifindex, rx) is no text.
 */
export interface Texts {
  /** Name of the drawing, for a screen reader. `{0}`: engine, or all that are shown. */
  readonly diagram: string;
  /** Name of the row of buttons. */
  readonly toolbar: string;
  /** `{0}`: when or by whom it was recorded is not known here; just that it was. */
  readonly recorded: string;
  readonly kernelNotRead: string;
  readonly nothingMatches: string;

  readonly search: string;
  readonly searchPlaceholder: string;
  /** `{0}`: how many. */
  readonly searchResults: string;
  readonly searchNothing: string;
  readonly fit: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly arrange: string;
  readonly table: string;
  readonly picture: string;
  readonly legend: string;
  readonly filter: string;
  /** `{0}`: how many filters are on. */
  readonly filterOn: string;
  readonly filterClear: string;
  readonly filterHosts: string;
  readonly filterNetworks: string;
  readonly filterProjects: string;
  readonly filterStates: string;
  readonly filterDrivers: string;
  readonly stateRunning: string;
  readonly stateStopped: string;
  readonly exportMenu: string;
  readonly exportSvg: string;
  readonly exportPng: string;
  readonly exportMermaid: string;
  readonly exportDot: string;
  readonly exportJson: string;
  readonly copyMermaid: string;
  /** `{0}`: place. */
  readonly exported: string;
  readonly copied: string;
  readonly copy: string;

  /** First part of the breadcrumb. */
  readonly overview: string;
  readonly breadcrumb: string;
  readonly focus: string;
  readonly hops: string;
  /** `{0}`: how many. */
  readonly hopsCount: string;
  readonly hopsAll: string;

  readonly details: string;
  readonly close: string;
  readonly reveal: string;
  readonly loading: string;
  readonly noDetail: string;

  readonly traffic: string;
  /** `{0}`: the link's name. Seen from the host: what the link receives comes from the container. */
  readonly trafficFromContainer: string;
  readonly trafficToContainer: string;
  readonly trafficReceived: string;
  readonly trafficSent: string;
  readonly trafficWaiting: string;
  /** Name of the chart. `{0}`: link, `{1}`: seconds. */
  readonly trafficChart: string;

  /** Names of elements, for a screen reader. `{0}`: name. */
  readonly nameNetwork: string;
  readonly nameBridge: string;
  readonly nameContainer: string;
  readonly nameInterface: string;
  readonly nameLink: string;
  /** `{0}`: the container's interface, `{1}`: the host's end, `{2}`: the network. */
  readonly nameWire: string;
  readonly nameWireUnknown: string;
  readonly nameSeat: string;
  /** `{0}`: from, `{1}`: to. */
  readonly namePlug: string;
  readonly nameEgress: string;
  readonly namePublish: string;
  readonly nameLegacyLink: string;
  /** `{0}`: what runs in it, `{1}` and `{2}`: the hosts, `{3}`: networks. */
  readonly nameTunnel: string;
  /** Of a name in one of several hosts. `{0}`: name, `{1}`: host. */
  readonly nameOnHost: string;
  /** `{0}`: host address and port, `{1}`: container's port. */
  readonly namePort: string;
  readonly nameNamespace: string;
  readonly sharedNamespace: string;
  readonly hostNamespace: string;
  readonly noNamespace: string;
  /** `{0}`: how many. */
  readonly containersRunning: string;
  readonly containersStopped: string;
  readonly internal: string;
  readonly orphan: string;
  readonly uplink: string;
  readonly parent: string;
  readonly tunnel: string;
  /** The other end of an overlay network's VXLAN. */
  readonly anotherHost: string;
  /** Of an overlay network, or what runs through a tunnel. */
  readonly encrypted: string;
  /** In the title of one of several hosts: its part of the picture is old, a recording, or without the kernel. */
  readonly hostOld: string;
  readonly hostRecorded: string;
  readonly hostKernelNotRead: string;
  readonly defaultRoute: string;
  readonly loopbackOnly: string;
  readonly masquerade: string;

  readonly confidenceExact: string;
  readonly confidenceLikely: string;
  readonly confidenceUnknown: string;

  readonly legendExact: string;
  readonly legendLikely: string;
  readonly legendUnknown: string;
  readonly legendSeat: string;
  readonly legendEgress: string;
  readonly legendPublish: string;
  readonly legendLegacyLink: string;
  readonly legendTunnel: string;
  readonly legendOrphan: string;
  readonly legendTraffic: string;

  readonly columnHost: string;
  readonly columnContainer: string;
  readonly columnNetwork: string;
  readonly columnInterface: string;
  readonly columnIfindex: string;
  readonly columnPeer: string;
  readonly columnHostLink: string;
  readonly columnBridge: string;
  readonly columnAddress: string;
  readonly columnMac: string;
  readonly columnConfidence: string;
  readonly columnState: string;
  readonly tableCaption: string;

  /** Summary of changes. `{0}`: names. */
  readonly changesAdded: string;
  readonly changesRemoved: string;
  /** `{0}`: how many more. */
  readonly changesMore: string;
  /** `{0}`: how many. */
  readonly changesOther: string;

  /** While a container is dragged. `{0}`: container, `{1}`: network. */
  readonly dropConnect: string;
  readonly dropAlready: string;
  readonly dropElsewhere: string;
  /** `{0}`: container, `{1}`: its host, `{2}`: network, `{3}`: that one's host. */
  readonly dropOtherHost: string;
  readonly keyboardHelp: string;

  /** The panel did not answer a question in time. */
  readonly noAnswer: string;
}
