package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Read model of pairs, from the database. */
@Component
public class JdbcPairQueries implements PairQueries {
  /** One branch per index: a single condition over all of them would scan the table. */
  static final String FIND =
      PairRowMapper.SELECT
          + """
          where pair.id in (
            select id from pair where id = :uuid
            union all select id from pair where left_ref = :name
            union all select id from pair where right_ref = :name
            union all select p.id from record join pair p on p.left_ref = record.ref
              where record.key = :name
            union all select p.id from record join pair p on p.right_ref = record.ref
              where record.key = :name
            union all select p.id from record join pair p on p.left_ref = record.ref
              where record.key = substring(:name from '^[a-z0-9-]+:(.+)$')
                and split_part(record.ref, '/', 1) = split_part(:name, ':', 1)
            union all select p.id from record join pair p on p.right_ref = record.ref
              where record.key = substring(:name from '^[a-z0-9-]+:(.+)$')
                and split_part(record.ref, '/', 1) = split_part(:name, ':', 1))
          order by changed_at desc limit 1
          """;

  private static final Pattern UUID_TEXT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private final JdbcClient jdbc;
  private final PairRowMapper rows;
  private final PairStore pairs;
  private final NoteStore notes;

  public JdbcPairQueries(
      JdbcClient jdbc, ObjectMapper json, RecordStore records, PairStore pairs, NoteStore notes) {
    this.jdbc = jdbc;
    this.rows = new PairRowMapper(json, records);
    this.pairs = pairs;
    this.notes = notes;
  }

  private record PairRow(Pair pair, Instant changedAt) {}

  @Override
  public List<Summary> list(int limit) {
    return jdbc
        .sql(PairRowMapper.SELECT + "order by changed_at desc, id limit ?")
        .param(limit)
        .query(this::row)
        .list()
        .stream()
        .map(JdbcPairQueries::summary)
        .toList();
  }

  @Override
  public Optional<Detail> find(String id) {
    return jdbc.sql(FIND)
        .param("uuid", UUID_TEXT.matcher(id).matches() ? UUID.fromString(id) : null, Types.OTHER)
        .param("name", id)
        .query(this::row)
        .optional()
        .map(this::detail);
  }

  private PairRow row(ResultSet rs, int index) throws SQLException {
    return new PairRow(rows.mapRow(rs, index), rs.getTimestamp("changed_at").toInstant());
  }

  private static Summary summary(PairRow dated) {
    Pair pair = dated.pair();
    return new Summary(
        pair.id().toString(),
        pair.mapping(),
        pair.state().name(),
        member(pair.leftSeen()),
        member(pair.rightSeen()),
        pair.gaps().size(),
        dated.changedAt());
  }

  private static @Nullable Member member(@Nullable Snapshot seen) {
    return seen == null ? null : new Member(seen.ref(), seen.key(), seen.url());
  }

  private Detail detail(PairRow dated) {
    return new Detail(
        summary(dated),
        fields(dated.pair(), isWorkDue(dated.pair())),
        notes(dated.pair()),
        history(dated.pair().id()));
  }

  private boolean isWorkDue(Pair pair) {
    return jdbc.sql("select exists (select 1 from inbox_entry where subject = 'correlation:' || ?)")
        .param(pair.correlation().toString())
        .query(Boolean.class)
        .single();
  }

  private static boolean isEdited(@Nullable String shown, @Nullable String agreed) {
    return shown != null && (agreed == null ? !shown.isEmpty() : !shown.equals(agreed));
  }

  private static List<Field> fields(Pair pair, boolean workIsDue) {
    var names = new TreeSet<>(pair.base().keySet());
    names.addAll(pair.gaps().keySet());
    for (Side side : Side.values()) {
      Snapshot seen = pair.seen(side);
      if (seen != null) {
        names.addAll(seen.values().keySet());
      }
    }
    var fields = new ArrayList<Field>();
    for (String name : names) {
      AgreedValue base = pair.base().getOrDefault(name, AgreedValue.NOTHING);
      String left = value(pair.leftSeen(), name);
      String right = value(pair.rightSeen(), name);
      boolean differs =
          isEdited(left, base.lastShown(Side.LEFT)) || isEdited(right, base.lastShown(Side.RIGHT));
      fields.add(
          new Field(
              name,
              left,
              right,
              base.left(),
              base.right(),
              pair.gaps().get(name),
              workIsDue && differs));
    }
    return fields;
  }

  private static @Nullable String value(@Nullable Snapshot seen, String name) {
    return seen == null ? null : seen.values().get(name);
  }

  /** An echo is listed on the record where it was written. */
  private List<Note> notes(Pair pair) {
    return notes.all(pair.records()).stream()
        .filter(stored -> stored.state() != StoredNote.State.ECHO)
        .map(stored -> note(Objects.requireNonNull(pair.sideOf(stored.record())), pair, stored))
        .toList();
  }

  private static Note note(Side side, Pair pair, StoredNote stored) {
    RecordRef target = pair.ref(side.other());
    return new Note(
        side,
        stored.note().id(),
        stored.note().author(),
        stored.note().createdAt(),
        stored.note().text(),
        Optional.ofNullable(target)
            .flatMap(stored::delivery)
            .map(delivery -> delivery.state().name())
            .orElse(stored.state().name()));
  }

  private List<Event> history(UUID pair) {
    return pairs.history(pair).stream()
        .map(
            event ->
                new Event(
                    event.at(),
                    event.entry().what(),
                    event.entry().text(),
                    event.entry().actor(),
                    event.entry().details()))
        .toList();
  }
}
