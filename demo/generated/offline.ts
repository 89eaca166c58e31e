import type { OfflineManifest } from 'farside/schema';
export const manifest = {
  "protocol": 1,
  "types": {
    "Finding": {
      "version": "COUNTER",
      "fields": {
        "inspection": {
          "kind": "reference",
          "input": "inspectionId",
          "type": "Inspection",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "summary": {
          "kind": "value",
          "input": "summary",
          "type": "String",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "severity": {
          "kind": "value",
          "input": "severity",
          "type": "Severity",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "resolved": {
          "kind": "value",
          "input": "resolved",
          "type": "Boolean",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "count": {
          "kind": "value",
          "input": "count",
          "type": "Int",
          "list": false,
          "nullable": false,
          "strategy": "COUNTER"
        }
      }
    },
    "Inspection": {
      "version": "COUNTER",
      "fields": {
        "site": {
          "kind": "reference",
          "input": "siteId",
          "type": "Site",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "title": {
          "kind": "value",
          "input": "title",
          "type": "String",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "status": {
          "kind": "value",
          "input": "status",
          "type": "InspectionStatus",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "severity": {
          "kind": "value",
          "input": "severity",
          "type": "Severity",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        },
        "inspector": {
          "kind": "value",
          "input": "inspector",
          "type": "String",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        },
        "dueOn": {
          "kind": "value",
          "input": "dueOn",
          "type": "DateTime",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        },
        "notes": {
          "kind": "value",
          "input": "notes",
          "type": "String",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        },
        "tags": {
          "kind": "value",
          "input": "tags",
          "type": "String",
          "list": true,
          "nullable": false,
          "strategy": "SET_UNION"
        },
        "visits": {
          "kind": "value",
          "input": "visits",
          "type": "Int",
          "list": false,
          "nullable": false,
          "strategy": "COUNTER"
        },
        "passed": {
          "kind": "value",
          "input": "passed",
          "type": "Boolean",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        }
      }
    },
    "Site": {
      "version": "COUNTER",
      "fields": {
        "name": {
          "kind": "value",
          "input": "name",
          "type": "String",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        },
        "address": {
          "kind": "value",
          "input": "address",
          "type": "String",
          "list": false,
          "nullable": true,
          "strategy": "REPORT"
        },
        "region": {
          "kind": "value",
          "input": "region",
          "type": "Region",
          "list": false,
          "nullable": false,
          "strategy": "REPORT"
        }
      }
    }
  },
  "mutations": {
    "createFinding": {
      "kind": "create",
      "typename": "Finding",
      "input": "input",
      "inputType": "CreateFindingInput",
      "payload": "CreateFindingPayload",
      "entity": "finding",
      "conflict": "FindingConflict",
      "lease": true
    },
    "updateFinding": {
      "kind": "update",
      "typename": "Finding",
      "input": "input",
      "inputType": "UpdateFindingInput",
      "payload": "UpdateFindingPayload",
      "entity": "finding",
      "conflict": "FindingConflict",
      "lease": true
    },
    "deleteFinding": {
      "kind": "delete",
      "typename": "Finding",
      "input": "input",
      "inputType": "DeleteFindingInput",
      "payload": "DeleteFindingPayload",
      "entity": "finding",
      "conflict": "FindingConflict",
      "lease": true
    },
    "createInspection": {
      "kind": "create",
      "typename": "Inspection",
      "input": "input",
      "inputType": "CreateInspectionInput",
      "payload": "CreateInspectionPayload",
      "entity": "inspection",
      "conflict": "InspectionConflict",
      "lease": true
    },
    "updateInspection": {
      "kind": "update",
      "typename": "Inspection",
      "input": "input",
      "inputType": "UpdateInspectionInput",
      "payload": "UpdateInspectionPayload",
      "entity": "inspection",
      "conflict": "InspectionConflict",
      "lease": true
    },
    "deleteInspection": {
      "kind": "delete",
      "typename": "Inspection",
      "input": "input",
      "inputType": "DeleteInspectionInput",
      "payload": "DeleteInspectionPayload",
      "entity": "inspection",
      "conflict": "InspectionConflict",
      "lease": true
    },
    "createSite": {
      "kind": "create",
      "typename": "Site",
      "input": "input",
      "inputType": "CreateSiteInput",
      "payload": "CreateSitePayload",
      "entity": "site",
      "conflict": "SiteConflict",
      "lease": true
    },
    "updateSite": {
      "kind": "update",
      "typename": "Site",
      "input": "input",
      "inputType": "UpdateSiteInput",
      "payload": "UpdateSitePayload",
      "entity": "site",
      "conflict": "SiteConflict",
      "lease": true
    },
    "deleteSite": {
      "kind": "delete",
      "typename": "Site",
      "input": "input",
      "inputType": "DeleteSiteInput",
      "payload": "DeleteSitePayload",
      "entity": "site",
      "conflict": "SiteConflict",
      "lease": true
    }
  },
  "queries": {
    "finding": {
      "kind": "entity",
      "typename": "Finding"
    },
    "findings": {
      "kind": "list",
      "typename": "Finding"
    },
    "inspection": {
      "kind": "entity",
      "typename": "Inspection"
    },
    "inspections": {
      "kind": "list",
      "typename": "Inspection"
    },
    "site": {
      "kind": "entity",
      "typename": "Site"
    },
    "sites": {
      "kind": "list",
      "typename": "Site"
    }
  },
  "schemaHash": "47e1dff5804f89ac"
} as const satisfies OfflineManifest;
