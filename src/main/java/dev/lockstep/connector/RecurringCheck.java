package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.CheckDefinition.Names;
import dev.lockstep.connector.definition.CheckDefinition.Repair;
import dev.lockstep.connector.definition.ConnectorDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Asks one check with {@code repair} of a system again, and carries the repair out. */
record RecurringCheck(
    ConnectorDefinition connector, SystemClient client, CheckDefinition check, Repair repair) {
  /** An id from an answer becomes a part of an address. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /**
   * @param repairs whether to write to the system; otherwise it is only asked
   * @throws RetryLaterException if the system cannot be asked now
   * @throws SystemUnavailableException if it does not answer
   */
  SystemWatch.Watched run(Set<String> eventTypes, boolean repairs) {
    CheckJudge judge = new CheckJudge(check, Map.of(Names.EVENT_TYPES, eventTypes));
    List<String> repaired = new ArrayList<>();
    try {
      JsonNode answer = ask();
      List<String> broken = repairs ? judge.findBroken(answer, repair) : List.of();
      for (String id : broken) {
        if (isId(id)) {
          client.call(ApiCall.write(connector, repair.call()).with("id", id));
          repaired.add(id);
        }
      }
      CheckJudge.Verdict verdict = judge.judge(repaired.isEmpty() ? answer : ask());
      return watched(verdict.status(), verdict.found(), verdict.advice(), repaired);
    } catch (RequestRejectedException e) {
      return watched(
          CheckJudge.status(check.otherwise()),
          "refused with %d: %s"
              .formatted(e.status(), CheckJudge.truncate(e.answer().replaceAll("\\s+", " "))),
          check.advice(),
          repaired);
    }
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  private JsonNode ask() {
    return client.call(ApiCall.read(connector, check.call())).json();
  }

  private SystemWatch.Watched watched(
      Status status, String found, String advice, List<String> repaired) {
    return new SystemWatch.Watched(
        new Finding(connector.system(), connector.title(), check.check(), status, found, advice),
        List.copyOf(repaired));
  }
}
