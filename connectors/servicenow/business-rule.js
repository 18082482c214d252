/*
 * Tells Lockstep that an incident, a change request or a problem changed. An asynchronous business
 * rule, one on each of the tables incident, change_request and problem, for insert, update and delete: it runs after the
 * user's transaction, in the background, and never changes anything. INSTALL-WEBHOOK.md beside this
 * file says how to set it up.
 *
 * Sends POST {lockstep.webhook.url}
 *   X-Lockstep-Signature: v1=<hex HMAC-SHA256 of the body>
 *   {"delivery","event","table","sent_at","record":{flat, as the Table API gives it},"notes":[...]}
 *
 * A call that fails is logged and not repeated: Lockstep's polling finds what was missed.
 */
(function executeRule(current, previous) {
    // What Lockstep is told of a record. A field that mappings/ use and that is missing here is
    // taken as "not told", never as empty. Names with a dot follow a reference. What a table does
    // not have is left out.
    var FIELDS = [
        'sys_id', 'number', 'sys_mod_count', 'sys_updated_on', 'sys_updated_by', 'sys_created_on',
        'opened_at', 'parent_incident', 'short_description', 'description', 'state', 'priority', 'impact', 'urgency', 'category',
        'hold_reason', 'close_code', 'close_notes', 'correlation_id', 'correlation_display',
        'assigned_to', 'assigned_to.email', 'assignment_group', 'assignment_group.name',
        'cmdb_ci', 'cmdb_ci.name', 'business_service', 'business_service.name',
        'parent', 'parent.number', 'rfc', 'rfc.number', 'caused_by', 'due_date', 'closed_at',
        'type', 'approval', 'risk', 'reason', 'justification', 'start_date', 'end_date', 'requested_by_date',
        'requested_by', 'requested_by.email', 'on_hold', 'on_hold_reason', 'work_start', 'work_end',
        'major_incident_state', 'problem_id', 'problem_id.number', 'problem_state', 'resolution_code', 'cause_notes',
        'fix_notes', 'workaround', 'known_error'
    ];
    var NOTES = 10;
    var MAX_CHARACTERS = 200000; // Lockstep takes 1 MiB; a larger record is left to be fetched
    var TIMEOUT_MS = 5000;

    function valueOf(record, path) {
        var element = record;
        var names = path.split('.');
        for (var i = 0; i < names.length; i++) {
            element = element[names[i]];
            if (element === null || element === undefined) {
                return '';
            }
        }
        return String(element);
    }

    function recordOf(gr) {
        var record = {};
        for (var i = 0; i < FIELDS.length; i++) {
            if (gr.isValidField(FIELDS[i].split('.')[0])) {
                record[FIELDS[i]] = valueOf(gr, FIELDS[i]);
            }
        }
        return record;
    }

    // The latest ones, oldest first. Some were told before: so one lost call loses no note.
    function notesOf(sysId) {
        var notes = [];
        var gr = new GlideRecord('sys_journal_field');
        gr.addQuery('element_id', sysId);
        gr.addQuery('element', 'IN', 'work_notes,comments');
        gr.orderByDesc('sys_created_on');
        gr.setLimit(NOTES);
        gr.query();
        while (gr.next()) {
            notes.unshift({
                sys_id: String(gr.sys_id),
                element: String(gr.element),
                value: String(gr.value),
                sys_created_on: String(gr.sys_created_on),
                sys_created_by: String(gr.sys_created_by)
            });
        }
        return notes;
    }

    // Only ASCII leaves, so that signature and body cannot differ by a character encoding.
    function toAscii(json) {
        return json.replace(/[\u007f-\uffff]/g, function (character) {
            return '\\u' + ('0000' + character.charCodeAt(0).toString(16)).slice(-4);
        });
    }

    function base64ToHex(base64) {
        var alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
        var hex = '';
        var bits = 0;
        var held = 0;
        for (var i = 0; i < base64.length; i++) {
            var value = alphabet.indexOf(base64.charAt(i));
            if (value < 0) {
                continue; // padding and line ends
            }
            held = (held << 6) | value;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                hex += ('0' + ((held >> bits) & 0xff).toString(16)).slice(-2);
                held = held & ((1 << bits) - 1);
            }
        }
        return hex;
    }

    function sign(body, secret) {
        var mac = new GlideCertificateEncryption()
            .generateMac(GlideStringUtil.base64Encode(secret), 'HmacSHA256', body);
        return 'v1=' + base64ToHex(String(mac));
    }

    function bodyFor(table, sysId) {
        // Read again: in the background `current` may be older than what is stored, and state and
        // sys_mod_count must belong together.
        var gr = new GlideRecord(table);
        var found = gr.get(sysId);
        var message = {
            delivery: String(gs.generateGUID()),
            event: table + '.deleted',
            table: table,
            sent_at: String(new GlideDateTime().getValue()).replace(' ', 'T') + 'Z',
            record: { sys_id: sysId },
            notes: []
        };
        if (found) {
            message.record = recordOf(gr);
            message.event =
                table + (message.record.sys_mod_count === '0' ? '.inserted' : '.updated');
            message.notes = notesOf(sysId);
        }
        var body = toAscii(JSON.stringify(message));
        if (body.length > MAX_CHARACTERS) {
            message.event = table + '.look';
            message.record = { sys_id: sysId };
            message.notes = 'fetch';
            body = toAscii(JSON.stringify(message));
        }
        return body;
    }

    try {
        var url = gs.getProperty('lockstep.webhook.url', '');
        var secret = gs.getProperty('lockstep.webhook.secret', '');
        if (!url || !secret) {
            gs.warn('Lockstep webhook: lockstep.webhook.url or lockstep.webhook.secret is not set');
            return;
        }
        var body = bodyFor(String(current.getTableName()), String(current.getUniqueValue()));
        var request = new sn_ws.RESTMessageV2();
        request.setEndpoint(url);
        request.setHttpMethod('POST');
        request.setHttpTimeout(TIMEOUT_MS);
        request.setRequestHeader('Content-Type', 'application/json');
        request.setRequestHeader('X-Lockstep-Signature', sign(body, secret));
        request.setRequestBody(body);
        var status = request.execute().getStatusCode();
        if (status !== 202) {
            gs.warn('Lockstep webhook: answered ' + status + ' for ' + current.getUniqueValue());
        }
    } catch (e) {
        gs.warn('Lockstep webhook: ' + e + ' for ' + current.getUniqueValue());
    }
})(current, previous);
