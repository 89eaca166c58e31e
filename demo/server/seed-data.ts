/** The example data of a new database. Ids are plain words, so that tests and people can name them. */
export const SITES = [
  { id: 'site-harbour', name: 'Harbour cold store', address: 'Quay 4, Northport', region: 'NORTH' },
  { id: 'site-hillside', name: 'Hillside clinic', address: '12 Orchard Rise, Eastbrook', region: 'EAST' },
  { id: 'site-mill', name: 'Old mill offices', address: '3 Weir Lane, Southmere', region: 'SOUTH' },
  { id: 'site-ridge', name: 'Ridge wind farm', address: 'Access road B, Westfell', region: 'WEST' },
  { id: 'site-tram', name: 'Tram depot', address: '88 Loop Street, Eastbrook', region: 'EAST' },
] as const;

const blank = { severity: null, inspector: null, notes: null, tags: [] as readonly string[], visits: 0, passed: null as boolean | null } as const;

export const INSPECTIONS = [
  {
    ...blank,
    id: 'inspection-roof',
    siteId: 'site-harbour',
    title: 'Roof drainage before winter',
    status: 'IN_PROGRESS',
    severity: 'HIGH',
    inspector: 'Ada',
    dueInDays: 1,
    notes:
      'Gutters on the north side were cleared in spring. Check the two scuppers above loading bay 3 first: they overflowed in the last storm.\n\nLadder access only from the quay side. Ask the shift lead for the roof key.',
    tags: ['roof', 'water'],
    visits: 2,
  },
  { ...blank, id: 'inspection-doors', siteId: 'site-harbour', title: 'Cold room door seals', status: 'OPEN', severity: 'MEDIUM', inspector: 'Grace', dueInDays: 3, tags: ['energy'] },
  {
    ...blank,
    id: 'inspection-exits',
    siteId: 'site-hillside',
    title: 'Emergency exits and lighting',
    status: 'OPEN',
    severity: 'CRITICAL',
    inspector: 'Grace',
    dueInDays: 4,
    notes: 'Ward 2 is occupied until noon. Start in the basement.',
    tags: ['fire safety'],
    visits: 1,
  },
  { ...blank, id: 'inspection-oxygen', siteId: 'site-hillside', title: 'Oxygen supply valves', status: 'IN_PROGRESS', severity: 'HIGH', inspector: 'Ada', dueInDays: 6, tags: ['gas'], visits: 1 },
  { ...blank, id: 'inspection-stairs', siteId: 'site-mill', title: 'Timber stairs, level 2 to 4', status: 'OPEN', severity: 'MEDIUM', inspector: 'Ada', dueInDays: 8, tags: ['structure'] },
  { ...blank, id: 'inspection-boiler', siteId: 'site-mill', title: 'Boiler room ventilation', status: 'DONE', severity: 'LOW', inspector: 'Grace', dueInDays: -6, visits: 1, passed: true },
  {
    ...blank,
    id: 'inspection-turbine',
    siteId: 'site-ridge',
    title: 'Turbine 7 blade root bolts',
    status: 'OPEN',
    severity: 'HIGH',
    inspector: 'Grace',
    dueInDays: 11,
    notes: 'No signal above the second gate. Load the app before you drive up.',
    tags: ['height', 'torque'],
  },
  { ...blank, id: 'inspection-track', siteId: 'site-ridge', title: 'Access track after rain', status: 'OPEN', severity: 'LOW', dueInDays: 13 },
  { ...blank, id: 'inspection-pits', siteId: 'site-tram', title: 'Inspection pits and sump pumps', status: 'IN_PROGRESS', severity: 'MEDIUM', inspector: 'Ada', dueInDays: 15, tags: ['water'], visits: 3 },
  { ...blank, id: 'inspection-overhead', siteId: 'site-tram', title: 'Overhead line isolators', status: 'DONE', severity: 'HIGH', inspector: 'Grace', dueInDays: -12, visits: 2, passed: false },
] as const;

export const FINDINGS = [
  { id: 'finding-scupper', inspectionId: 'inspection-roof', summary: 'Scupper 2 blocked with leaves', severity: 'HIGH', resolved: false, count: 2 },
  { id: 'finding-membrane', inspectionId: 'inspection-roof', summary: 'Blister in the membrane near the hatch', severity: 'MEDIUM', resolved: false, count: 1 },
  { id: 'finding-bracket', inspectionId: 'inspection-roof', summary: 'Loose gutter bracket, refixed', severity: 'LOW', resolved: true, count: 1 },
  { id: 'finding-lamp', inspectionId: 'inspection-exits', summary: 'Exit lamp dark at stair B', severity: 'CRITICAL', resolved: false, count: 1 },
  { id: 'finding-valve', inspectionId: 'inspection-oxygen', summary: 'Valve 14 label unreadable', severity: 'MEDIUM', resolved: false, count: 3 },
  { id: 'finding-pump', inspectionId: 'inspection-pits', summary: 'Pump 1 float switch sticks', severity: 'HIGH', resolved: false, count: 4 },
  { id: 'finding-grate', inspectionId: 'inspection-pits', summary: 'Grate clips missing in bay 5', severity: 'MEDIUM', resolved: true, count: 1 },
  { id: 'finding-isolator', inspectionId: 'inspection-overhead', summary: 'Isolator 3 does not lock open', severity: 'CRITICAL', resolved: false, count: 2 },
] as const;
