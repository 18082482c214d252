// Plays the parts of ServiceNow that business-rule.js calls, and prints what it sends as JSON.
// node run-business-rule.js SCRIPT SECRET found|gone|large [TABLE]
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const vm = require('vm');

const [, , script, secret, situation, table = 'incident'] = process.argv;
const ID = '9d385017c611228701d22104cc95c371';
const incident = {
  sys_id: ID, number: 'INC0010001', sys_mod_count: '3', state: '2', sys_updated_on: '2026-11-24 02:59:59',
  opened_at: '2026-11-24 01:00:00', parent_incident: 'p1',
  short_description: 'Störung ☎ 🚑', description: situation === 'large' ? 'ü'.repeat(60000) : 'a\nb',
  assigned_to: Object.assign(Object.create({ toString: () => 'u1' }), { email: 'ada@example.com' }),
  cmdb_ci: null,
};
const changeRequest = {
  sys_id: ID, number: 'CHG0030001', sys_mod_count: '0', state: '-5', sys_updated_on: '2026-11-24 02:59:59', type: 'normal',
  parent: Object.assign(Object.create({ toString: () => 'i1' }), { number: 'INC0010001' }), start_date: '',
};
const stored = { incident, change_request: changeRequest }[table];
const journal = [
  { sys_id: 'n2', element: 'comments', value: 'später', sys_created_on: '2026-11-24 02:59:59', sys_created_by: 'ada' },
  { sys_id: 'n1', element: 'work_notes', value: 'früher', sys_created_on: '2026-11-24 02:00:00', sys_created_by: 'ada' },
];

class GlideRecord {
  constructor(table) { this.table = table; this.at = -1; }
  get(id) { Object.assign(this, stored); return this.table === table && situation !== 'gone' && id === ID; }
  isValidField(name) { return name in stored; }
  addQuery() {} orderByDesc() {} setLimit() {} query() {}
  next() { this.at += 1; Object.assign(this, journal[this.at]); return this.at < journal.length; }
}
const sent = { headers: {}, warnings: [] };
class RESTMessageV2 {
  setEndpoint(url) { sent.url = url; }
  setHttpMethod(method) { sent.method = method; }
  setHttpTimeout() {}
  setRequestHeader(name, value) { sent.headers[name] = value; }
  setRequestBody(body) { sent.body = body; }
  execute() { return { getStatusCode: () => 202 }; }
}
const properties = { 'lockstep.webhook.url': 'https://lockstep.example.com/webhooks/servicenow', 'lockstep.webhook.secret': secret };

vm.runInNewContext(fs.readFileSync(script, 'utf8'), {
  GlideRecord,
  sn_ws: { RESTMessageV2 },
  gs: {
    getProperty: (name, otherwise) => properties[name] || otherwise,
    generateGUID: () => 'guid-1',
    warn: (text) => sent.warnings.push(text),
  },
  GlideDateTime: class { getValue() { return '2026-11-24 03:00:00'; } },
  GlideStringUtil: { base64Encode: (text) => Buffer.from(text, 'utf8').toString('base64') },
  GlideCertificateEncryption: class {
    generateMac(key, algorithm, data) {
      if (algorithm !== 'HmacSHA256') throw new Error(algorithm);
      return crypto.createHmac('sha256', Buffer.from(key, 'base64')).update(data, 'latin1').digest('base64');
    }
  },
  current: { getUniqueValue: () => ID, getTableName: () => table },
  previous: null,
});
console.log(JSON.stringify(sent));
