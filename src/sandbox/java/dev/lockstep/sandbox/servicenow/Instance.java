package dev.lockstep.sandbox.servicenow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instance as a caller meets it: log in, be let in, and be answered by the right resource. */
final class Instance {
  static final String TOKEN_PATH = "/oauth_token.do";
  private static final Pattern TABLE =
      Pattern.compile("/api/now(?:/v([12]))?/table/([^/]+)(?:/([^/]+))?/?");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final Login login;
  private final TableApi tables;
  private final CallCounter counter;
  private volatile boolean hibernating;
  private volatile JournalAccess journal = JournalAccess.READABLE;

  Instance(Login login, TableApi tables, CallCounter counter) {
    this.login = login;
    this.tables = tables;
    this.counter = counter;
  }

  void journal(JournalAccess access) {
    journal = access;
  }

  void hibernate(boolean value) {
    hibernating = value;
  }

  Answer answer(Call call) {
    if (hibernating) {
      // A developer instance that sleeps answers 200 and a page, whatever was asked.
      return Answer.html(
          200, "<html><head><title>Instance Hibernating page</title></head><body/></html>");
    }
    try {
      return call.path().equals(TOKEN_PATH) ? token(call) : resource(call);
    } catch (ServiceNowException refused) {
      return Answer.error(refused.status(), refused.summary(), refused.detail());
    }
  }

  private Answer token(Call call) {
    return call.method().equals("POST") ? login.token(call) : notSupported();
  }

  private Answer resource(Call call) {
    Optional<UserSession> caller = login.caller(call);
    if (caller.isEmpty()) {
      return Answer.error(401, "User Not Authenticated", "Required to provide Auth information")
          .with("WWW-Authenticate", "Basic realm=\"Service-now\"");
    }
    Matcher path = TABLE.matcher(call.path());
    if (!path.matches()) {
      return Answer.error(400, "Requested URI does not represent any resource", "");
    }
    if (caller.get().access() == UserSession.Access.NONE) {
      return Answer.error(403, "User Not Authorized", "Failed API level ACL Validation");
    }
    String accept = call.header("accept");
    if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
      return Answer.error(406, "Not acceptable", "This instance answers application/json only");
    }
    String type = call.header("content-type");
    if (WITH_BODY.contains(call.method()) && !type.isEmpty() && !type.contains("json")) {
      return Answer.error(415, "Unsupported Media Type", "Content type not supported: " + type);
    }
    return table(caller.get(), call, path);
  }

  private Answer table(UserSession caller, Call call, Matcher path) {
    String table = path.group(2);
    String sysId = path.group(3);
    TableApi.Result result;
    if (table.equals(Schema.JOURNAL_FIELD) && journal != JournalAccess.READABLE) {
      return journal == JournalAccess.HIDDEN && sysId == null
          ? Answer.json(200, Map.of("result", List.of())).with("X-Total-Count", "0")
          : Answer.error(
              403,
              "Operation Failed",
              "ACL Exception Insufficient rights to query records from " + table);
    }
    if (sysId == null) {
      switch (call.method()) {
        case "GET" -> result = tables.list(caller, call, table, "1".equals(path.group(1)));
        case "POST" -> result = tables.create(caller, call, table);
        default -> {
          return notSupported();
        }
      }
    } else {
      switch (call.method()) {
        case "GET" -> result = tables.get(call, table, sysId);
        case "PUT", "PATCH" -> result = tables.update(caller, call, table, sysId);
        case "DELETE" -> result = tables.delete(caller, table, sysId);
        default -> {
          return notSupported();
        }
      }
    }
    if (result.emptyWrite()) {
      counter.emptyWrite();
    }
    return result.answer();
  }

  private static Answer notSupported() {
    return Answer.error(405, "Method not supported", "");
  }
}
