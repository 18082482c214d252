package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.CheckDefinition.Accepts;
import dev.lockstep.connector.definition.CheckDefinition.Budget;
import dev.lockstep.connector.definition.CheckDefinition.Names;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks one system. A system that does not answer is asked nothing else. */
final class SystemCheck {
  private static final Duration TOLERATED_SKEW = Duration.ofMinutes(1);

  /** Less than this share of the calls left is a warning. */
  private static final int LITTLE_LEFT_PERCENT = 20;

  /** Records about which a check with {@code from: {records: true}} asks. */
  private static final int SAMPLES = 3;

  private final ConnectorDefinition connector;
  private final RecordGateway gateway;
  private final SystemClient client;
  private final CheckAttempt attempt;
  private final WebhookCheck webhooks;
  private final Clock clock;

  /** By kind, records as the system shows them. */
  private final Map<String, List<JsonNode>> records = new HashMap<>();

  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param timeout how long to wait for a test webhook
   */
  SystemCheck(
      ConnectorDefinition connector,
      RecordGateway gateway,
      ServiceWebhooks service,
      Duration timeout,
      Clock clock) {
    this.connector = connector;
    this.gateway = gateway;
    this.client = gateway.client(connector.system());
    this.attempt = new CheckAttempt(connector, client);
    this.webhooks = new WebhookCheck(connector, client, attempt, service, timeout);
    this.clock = clock;
  }

  List<Finding> run(List<CheckedKind> kinds, Set<String> eventTypes) {
    ReferenceCheck references = new ReferenceCheck(connector, gateway, attempt, this::add);
    for (CheckedKind kind : kinds) {
      if (!attempt.unreachable()) {
        List<JsonNode> shown =
            new KindCheck(connector, kind, gateway, attempt, clock).run(this::add);
        records.put(kind.kind(), shown);
        references.collect(kind, shown);
      }
    }
    references.run();
    for (CheckDefinition check : connector.checks()) {
      if (!attempt.unreachable()) {
        declared(check, kinds, eventTypes);
      }
    }
    if (client.accepted()) {
      findings.add(
          0, finding("connection", Status.PASS, "answers and accepts the credentials", ""));
    } else if (!attempt.unreachable()) {
      findings.add(
          0,
          finding(
              "connection",
              Status.FAIL,
              "answers, but refused everything",
              "Check the account's roles and permissions."));
    }
    if (client.accepted()) {
      compareClocks();
    }
    return findings;
  }

  private void declared(CheckDefinition check, List<CheckedKind> kinds, Set<String> eventTypes) {
    CheckedKind kind =
        kinds.stream().filter(k -> k.kind().equals(check.kind())).findFirst().orElse(null);
    if (kind == null && !check.kind().isEmpty()) {
      return;
    }
    Budget budget = check.budget();
    Accepts accepts = check.accepts();
    if (check.lastWebhook()) {
      add(check.check(), webhooks.last(check));
    } else if (check.moves()) {
      compareMoves(check, Objects.requireNonNull(kind));
    } else if (accepts != null) {
      compareFields(check, accepts, Objects.requireNonNull(kind));
    } else if (budget != null) {
      add(check.check(), budget(budget, check));
    } else if (!check.reference().isEmpty()) {
      find(check, kinds);
    } else if (check.call().isEmpty()) {
      add(
          check.check(),
          new CheckJudge.Verdict(Status.WARNING, "cannot be proven", check.advice()));
    } else {
      ask(
          check,
          Map.of(
              Names.EVENT_TYPES,
              eventTypes,
              Names.FIELDS,
              kind == null ? Set.of() : kind.fields(connector.kind(kind.kind()))));
    }
  }

  private void ask(CheckDefinition check, Map<Names, Set<String>> names) {
    ApiResponse answer = ask(check, ApiCall.read(connector, check.call()));
    if (answer == null) {
      return;
    }
    CheckJudge judge = new CheckJudge(check, names, answer.headers());
    CheckDefinition.TestWebhook test = check.testWebhook();
    List<JsonNode> meant = test == null ? List.of() : judge.findMeant(answer.json());
    add(
        check.check(),
        test == null || meant.isEmpty()
            ? judge.judge(answer.json())
            : webhooks.test(check, test, meant));
  }

  /** Null if it failed, which is reported. */
  private @Nullable ApiResponse ask(CheckDefinition check, ApiCall call) {
    ApiResponse answer = attempt.ask(() -> client.call(call));
    CheckJudge.Verdict failure = attempt.failure();
    if (failure != null) {
      // A refusal proves nothing about what was asked; how much that matters is declared.
      add(
          check.check(),
          attempt.unreachable()
              ? failure
              : new CheckJudge.Verdict(
                  CheckJudge.status(check.otherwise()), failure.found(), check.advice()));
    }
    return answer;
  }

  private void compareFields(CheckDefinition check, Accepts accepts, CheckedKind kind) {
    AcceptedFields fields = new AcceptedFields(check, accepts, connector.kind(kind.kind()), kind);
    if (!fields.isWritten()) {
      return;
    }
    List<ApiCall> calls = calls(check, kind);
    if (calls == null) {
      return;
    }
    List<JsonNode> answers = new ArrayList<>();
    for (ApiCall call : calls) {
      ApiResponse answer = ask(check, call);
      if (answer == null) {
        return;
      }
      answers.add(answer.json());
    }
    add(
        check.check(),
        answers.isEmpty()
            ? new CheckJudge.Verdict(
                Status.WARNING, "not asked: nothing was found to ask about", check.advice())
            : fields.judge(answers));
  }

  private void compareMoves(CheckDefinition check, CheckedKind kind) {
    KindDefinition declared = connector.kind(kind.kind());
    TransitionCheck transitions = new TransitionCheck(check, declared, kind);
    if (!transitions.isMoved()) {
      return;
    }
    TransitionDefinition how = Objects.requireNonNull(declared.moves());
    for (Map.Entry<String, JsonNode> sample :
        transitions.samples(records.getOrDefault(kind.kind(), List.of())).entrySet()) {
      RecordRef ref = new RecordRef(connector.system(), kind.kind(), sample.getKey());
      ApiResponse answer = ask(check, ApiCall.read(connector, how.list()).on(ref));
      if (answer == null) {
        return;
      }
      List<Move> moves = Move.all(how, answer.json());
      Set<String> unwritten = transitions.unwritten(moves);
      JsonNode shown = unwritten.isEmpty() ? sample.getValue() : shown(check, ref, unwritten);
      if (shown == null) {
        return;
      }
      transitions.add(moves, shown);
    }
    add(check.check(), transitions.judge());
  }

  /** A record with more fields than mappings use; null if it cannot be read, which is reported. */
  private @Nullable JsonNode shown(CheckDefinition check, RecordRef ref, Set<String> more) {
    NativeRecord record = attempt.ask(() -> gateway.fetch(ref, more));
    CheckJudge.Verdict failure = attempt.failure();
    if (failure != null) {
      add(check.check(), failure);
    }
    return record == null ? null : record.json();
  }

  /** Null if they cannot be made, which is reported. */
  private @Nullable List<ApiCall> calls(CheckDefinition check, CheckedKind kind) {
    ApiCall call = ApiCall.read(connector, check.call());
    CheckDefinition.From from = check.from();
    if (from == null) {
      return List.of(call);
    }
    if (from.records()) {
      KindDefinition declared = connector.kind(kind.kind());
      return records.getOrDefault(kind.kind(), List.of()).stream()
          .map(record -> JsonPath.text(record, declared.id()))
          .filter(declared::isId)
          .limit(SAMPLES)
          .map(id -> call.with("id", id))
          .toList();
    }
    ApiResponse answer = ask(check, ApiCall.read(connector, from.call()));
    if (answer == null) {
      return null;
    }
    return new CheckJudge(check, Map.of())
        .findMeant(answer.json(), from.among(), from.where()).stream()
            .map(element -> JsonPath.text(element, from.id()))
            .filter(RecurringCheck::isId)
            .limit(1)
            .map(id -> call.with("id", id))
            .toList();
  }

  private void find(CheckDefinition check, List<CheckedKind> kinds) {
    Set<String> keys = new TreeSet<>();
    if (check.key().isEmpty()) {
      kinds.forEach(kind -> keys.addAll(kind.keys().getOrDefault(check.reference(), Set.of())));
    } else {
      keys.add(check.key());
    }
    Set<String> missing = new TreeSet<>();
    for (String key : keys) {
      Optional<String> id =
          attempt.ask(() -> gateway.idOf(connector.system(), check.reference(), key));
      CheckJudge.Verdict failure = attempt.failure();
      if (failure != null) {
        add(check.check(), failure);
        return;
      }
      if (id == null || id.isEmpty()) {
        missing.add(key);
      }
    }
    add(check.check(), found(check, keys, missing));
  }

  private static CheckJudge.Verdict found(
      CheckDefinition check, Set<String> keys, Set<String> missing) {
    if (missing.isEmpty()) {
      String known = keys.size() == 1 ? keys.iterator().next() + " is known" : "all are known";
      return new CheckJudge.Verdict(
          Status.PASS, keys.isEmpty() ? "no mapping lists any" : known, "");
    }
    return new CheckJudge.Verdict(
        CheckJudge.status(check.otherwise()),
        "%s %s not found".formatted(String.join(", ", missing), missing.size() == 1 ? "is" : "are"),
        check.advice());
  }

  private CheckJudge.Verdict budget(Budget budget, CheckDefinition check) {
    String limit = client.lastHeader(budget.limit()).orElse("");
    String remaining = client.lastHeader(budget.remaining()).orElse("");
    if (!limit.matches("[1-9]\\d{0,8}") || !remaining.matches("\\d{1,9}")) {
      return new CheckJudge.Verdict(
          Status.WARNING,
          "the last answer did not state " + budget.limit() + " and " + budget.remaining(),
          check.advice());
    }
    String found = "%s of %s calls left".formatted(remaining, limit);
    return Long.parseLong(remaining) * 100 < Long.parseLong(limit) * LITTLE_LEFT_PERCENT
        ? new CheckJudge.Verdict(Status.WARNING, found, check.advice())
        : new CheckJudge.Verdict(Status.PASS, found, "");
  }

  private void compareClocks() {
    if (!client.time().known()) {
      add(
          "clock",
          new CheckJudge.Verdict(
              Status.WARNING,
              "no answer states the time (header Date)",
              "Compare " + connector.title() + "'s clock with this machine's by hand."));
      return;
    }
    Duration ahead = Duration.between(clock.instant(), client.time().now());
    boolean close = ahead.abs().compareTo(TOLERATED_SKEW) <= 0;
    add(
        "clock",
        close
            ? new CheckJudge.Verdict(Status.PASS, "the same within a minute", "")
            : new CheckJudge.Verdict(
                Status.WARNING,
                "%s is %d s %s this machine"
                    .formatted(
                        connector.title(),
                        ahead.abs().toSeconds(),
                        ahead.isNegative() ? "behind" : "ahead of"),
                "Set this machine's clock by NTP."));
  }

  private void add(String check, CheckJudge.Verdict verdict) {
    findings.add(finding(check, verdict.status(), verdict.found(), verdict.advice()));
  }

  private Finding finding(String check, Status status, String found, String advice) {
    return new Finding(connector.system(), connector.title(), check, status, found, advice);
  }
}
