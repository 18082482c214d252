package dev.lockstep.communication.manager;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.communication.settings.OnCallSource;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.OnCall;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.ops.database.PostgresText;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table {@code on_call_answer}: who is on call, as the systems last answered. Each is asked
 * once a minute at most, for all incidents and processes together: with answers of their own, two
 * processes would contradict each other after a change.
 */
@Component
class OnCallBook {
  static final Answer UNASKED = new Answer(List.of(), "it was not asked yet");

  private static final Logger LOG = LoggerFactory.getLogger(OnCallBook.class);
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(20);
  private static final int LONGEST_PROBLEM = 500;
  private static final TypeReference<List<OnCall>> PEOPLE = new TypeReference<>() {};

  private final Connectors connectors;
  private final JdbcClient jdbc;
  private final JsonColumns json;
  private final Clock clock;

  OnCallBook(Connectors connectors, JdbcClient jdbc, ObjectMapper json, Clock clock) {
    this.connectors = connectors;
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "on_call_answer");
    this.clock = clock;
  }

  /**
   * @param people those who are called first before the others; nobody is on call if there are none
   * @param problem why it is not known who is on call; empty if it is
   */
  record Answer(List<OnCall> people, String problem) {
    boolean isKnown() {
      return problem.isEmpty();
    }
  }

  private record Stored(Answer answer, Instant askedAt) {
    boolean isFresh(Instant now) {
      return now.isBefore(askedAt.plus(answer.isKnown() ? FRESH : RETRY_AFTER));
    }
  }

  /** Makes a call unless the last answer is fresh; not in a transaction. */
  Answer ask(OnCallSource source) {
    Optional<Stored> last = find(source);
    Instant now = clock.instant();
    if (last.isPresent() && last.get().isFresh(now)) {
      return last.get().answer();
    }
    Answer answer = call(source);
    if (!answer.isKnown() && last.map(before -> before.answer().isKnown()).orElse(true)) {
      LOG.warn("Who is on call is unknown, {}: {}", source, answer.problem());
    }
    save(source, new Stored(answer, now));
    return last(source);
  }

  /** The last answer, without a call. */
  Answer last(OnCallSource source) {
    return find(source).map(Stored::answer).orElse(UNASKED);
  }

  private Answer call(OnCallSource source) {
    try {
      return new Answer(
          connectors.onCall(source.system(), source.kind(), source.id()).stream()
              .distinct()
              .sorted(Comparator.comparingInt(OnCall::level))
              .toList(),
          "");
    } catch (RequestRejectedException e) {
      return unknown("it answered %d: %s".formatted(e.status(), e.advice()));
    } catch (RuntimeException e) {
      return unknown(String.valueOf(e.getMessage()));
    }
  }

  private static Answer unknown(String problem) {
    String text = PostgresText.removeNul(problem);
    return new Answer(List.of(), text.substring(0, Math.min(text.length(), LONGEST_PROBLEM)));
  }

  private Optional<Stored> find(OnCallSource source) {
    return jdbc.sql("select * from on_call_answer where source = ?")
        .param(source.toString())
        .query(
            (rs, i) ->
                new Stored(
                    new Answer(json.read(rs.getString("people"), PEOPLE), rs.getString("problem")),
                    rs.getTimestamp("asked_at").toInstant()))
        .optional();
  }

  /** An answer to an earlier question does not replace one to a later question. */
  private void save(OnCallSource source, Stored stored) {
    jdbc.sql(
            """
            insert into on_call_answer (source, people, problem, asked_at)
            values (?, ?::jsonb, ?, ?)
            on conflict (source) do update set people = excluded.people,
              problem = excluded.problem, asked_at = excluded.asked_at
            where on_call_answer.asked_at <= excluded.asked_at
            """)
        .params(
            source.toString(),
            json.write(stored.answer().people()),
            stored.answer().problem(),
            Timestamp.from(stored.askedAt()))
        .update();
  }
}
