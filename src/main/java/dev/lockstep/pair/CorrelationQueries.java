package dev.lockstep.pair;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.record.PlainText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds correlations by what an operator knows of them; pages by the time they were started. */
@Component
public class CorrelationQueries {
  private static final Pattern UUID_TEXT =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /** What {@code record.search} treats as blanks, and what has a meaning in a query. */
  private static final Pattern BLANKS = Pattern.compile("[#@.\\-_/:\\\\'\\s]+");

  private static final int MOST_WORDS = 12;
  private static final Position FIRST =
      new Position(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  /** One branch per index. */
  private static final String BY_ID =
      """
      select correlation from record where key = any(:names) and correlation is not null
      union select correlation from record where split_part(ref, '/', 3) = :id and correlation is not null
      union select correlation from record where key = substring(:id from '^[a-z0-9-]+:(.+)$')
        and split_part(ref, '/', 1) = split_part(:id, ':', 1) and correlation is not null
      union select correlation from record where ref = :id and correlation is not null
      union select correlation from pair where id = :uuid
      union select correlation from pair where correlation = :uuid
      """;

  /**
   * Pairs, newest first. Those that are not the first of their correlation are dropped afterwards:
   * as a condition, this would have PostgreSQL compare all pairs before it reads the newest.
   */
  private static final String LINES =
      """
      select p.correlation, p.id, p.created_at,
        not exists (select 1 from pair f where f.correlation = p.correlation
          and (f.created_at, f.id) < (p.created_at, p.id)) as leads
      from pair p where (p.created_at, p.id) < (:at, :pair)
      """;

  /** Words that more records have are looked for page by page instead of all at once. */
  private static final int MOST_MATCHES = 3000;

  /**
   * A record without a correlation matches no pair, but must not keep the index from being used.
   */
  static final String MATCHES =
      """
      select coalesce(correlation, gen_random_uuid()) from record
      where search @@ to_tsquery('simple', ?)
      """;

  private static final String NEWEST_FIRST = " order by p.created_at desc, p.id desc limit :limit";

  private final JdbcClient jdbc;
  private final PairRowMapper rows;

  private final NoteStore notes;

  public CorrelationQueries(
      JdbcClient jdbc, ObjectMapper json, RecordStore records, NoteStore notes) {
    this.jdbc = jdbc;
    this.rows = new PairRowMapper(json, records);
    this.notes = notes;
  }

  /** The most urgent thing to know of a correlation; the first that applies. */
  public enum Status {
    /** Its work failed and waits for an operator. */
    DEAD_LETTER(
        """
        and p.correlation in (select substr(subject, 13)::uuid from inbox_entry
          where subject like 'correlation:%' and state = 'DEAD_LETTER')
        """),
    /** A record is deleted. */
    BROKEN("and p.correlation in (select correlation from pair where state = 'BROKEN')"),
    /** A field or a note could not be synced. */
    GAP("and p.correlation in (select correlation from pair where gap_count > 0)"),
    /** A change is received and not processed yet. */
    BEHIND(
        """
        and p.correlation in (select substr(subject, 13)::uuid from inbox_entry
          where subject like 'correlation:%' and state <> 'DEAD_LETTER')
        """),
    /** A counterpart is to be found or created. */
    LINKING("and p.correlation in (select correlation from pair where state = 'LINKING')"),
    /** No pair is synced any more. */
    ENDED(
        "and not exists (select 1 from pair e where e.correlation = p.correlation"
            + " and e.state not in ('ENDED', 'UNLINKED'))"),
    IN_SYNC(
        """
        and not exists (select 1 from inbox_entry where subject = 'correlation:' || p.correlation)
        and not exists (select 1 from pair s where s.correlation = p.correlation
          and (s.gap_count > 0 or s.state <> 'LINKED'))
        """);

    private final String condition;

    Status(String condition) {
      this.condition = condition;
    }
  }

  /**
   * Selects correlations; an empty text matches any, and so does a null status.
   *
   * <p>Words match the beginnings of words; all of them must be in one record.
   *
   * @param text an id in any system, a number, or words of key, title, service, assignee and status
   * @param state the status in its system
   */
  public record Filter(
      String text, String service, String assignee, String state, @Nullable Status status) {
    public static final Filter ANY = new Filter("", "", "", "", null);
  }

  /** The last line of a page. */
  public record Position(Instant startedAt, UUID pair) {}

  /**
   * One correlation.
   *
   * @param startedAt when its first pair was started
   */
  public record Line(
      Correlation correlation, Status status, Instant startedAt, Instant changedAt) {}

  /**
   * @param next where the next page begins; null if this is the last one
   */
  public record Page(List<Line> lines, @Nullable Position next) {}

  /**
   * Newest first.
   *
   * @param after null for the first page
   */
  public Page search(Filter filter, @Nullable Position after, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    String sql = statement(filter, parameters);
    parameters.put("limit", 2 * limit);
    List<Lead> found = new ArrayList<>();
    Position from = after == null ? FIRST : after;
    boolean more = true;
    while (more && found.size() <= limit) {
      parameters.put("at", Timestamp.from(from.startedAt()));
      parameters.put("pair", from.pair());
      List<Lead> batch = jdbc.sql(sql).params(parameters).query(Lead::of).list();
      batch.stream().filter(Lead::leads).forEach(found::add);
      more = batch.size() == 2 * limit;
      from = batch.isEmpty() ? from : batch.get(batch.size() - 1).position();
    }
    List<Lead> shown = found.subList(0, Math.min(limit, found.size()));
    return new Page(lines(shown), found.size() <= limit ? null : shown.get(limit - 1).position());
  }

  /** One correlation. */
  public Optional<Line> find(UUID correlation) {
    List<Lead> lead =
        jdbc.sql(
                """
                select correlation, id, created_at, true as leads from pair where correlation = ?
                order by created_at, id limit 1
                """)
            .param(correlation)
            .query(Lead::of)
            .list();
    return lines(lead).stream().findFirst();
  }

  /** The notes on its records, oldest first, without those that Lockstep received back. */
  public List<StoredNote> notes(Correlation correlation) {
    return notes.all(correlation.records()).stream()
        .filter(note -> note.state() != StoredNote.State.ECHO)
        .sorted(Comparator.comparing(note -> note.note().createdAt()))
        .toList();
  }

  /** By pair, the keys of its records, for example {@code INC0010001 ⇄ #42}. */
  public Map<UUID, String> titles(Collection<UUID> pairs) {
    Map<UUID, String> titles = new HashMap<>();
    jdbc.sql(
            """
            select pair.id, concat_ws(' ⇄ ', l.key, r.key) as title from pair
            left join record l on l.ref = left_ref left join record r on r.ref = right_ref
            where pair.id = any(?)
            """)
        .param(pairs.toArray(UUID[]::new))
        .query(
            rs -> {
              titles.put(rs.getObject("id", UUID.class), rs.getString("title"));
            });
    return titles;
  }

  /**
   * The correlations that an id names, newest first.
   *
   * @param id of a correlation or a pair, a record's reference, its id or its key; its key also
   *     after its system and a colon, since two instances of a system may have the same keys
   */
  public List<UUID> findByName(String id) {
    return jdbc.sql(BY_ID).params(names(id)).query(UUID.class).list();
  }

  /**
   * @param leads whether it is the first pair of its correlation, so that each is listed once
   */
  private record Lead(UUID correlation, UUID pair, Instant startedAt, boolean leads) {
    static Lead of(ResultSet rs, int index) throws SQLException {
      return new Lead(
          rs.getObject("correlation", UUID.class),
          rs.getObject("id", UUID.class),
          rs.getTimestamp("created_at").toInstant(),
          rs.getBoolean("leads"));
    }

    Position position() {
      return new Position(startedAt, pair);
    }
  }

  /** The statement of a page; adds its parameters. */
  String statement(Filter filter, Map<String, Object> parameters) {
    StringBuilder sql = new StringBuilder(LINES);
    if (filter.status() != null) {
      sql.append(filter.status().condition).append('\n');
    }
    String text = PlainText.oneLine(filter.text()).strip();
    List<UUID> named = text.isEmpty() ? List.of() : findByName(text);
    if (!named.isEmpty()) {
      addMatches(sql, parameters, "named", named);
    }
    String words =
        Stream.of(
                words(named.isEmpty() ? text : "", ""),
                words(filter.service(), "B"),
                words(filter.assignee(), "C"),
                words(filter.state(), "D"))
            .flatMap(each -> each)
            .collect(Collectors.joining(" & "));
    if (!words.isEmpty()) {
      addWords(sql, parameters, words);
    } else if (named.isEmpty() && !text.isEmpty()) {
      sql.append("and false\n");
    }
    return sql.append(NEWEST_FIRST).toString();
  }

  /** The beginnings of words for {@code to_tsquery}. */
  private static Stream<String> words(String text, String weight) {
    return BLANKS
        .splitAsStream(PlainText.oneLine(text))
        .filter(word -> !word.isEmpty())
        .limit(MOST_WORDS)
        .map(word -> "'" + word + "':*" + weight);
  }

  private static void addMatches(
      StringBuilder sql, Map<String, Object> parameters, String name, List<UUID> found) {
    sql.append("and p.correlation = any(:").append(name).append(")\n");
    parameters.put(name, found.toArray(UUID[]::new));
  }

  private void addWords(StringBuilder sql, Map<String, Object> parameters, String words) {
    List<UUID> found =
        jdbc.sql(MATCHES + "limit ?").params(words, MOST_MATCHES + 1).query(UUID.class).list();
    if (found.size() <= MOST_MATCHES) {
      addMatches(sql, parameters, "matches", found);
    } else {
      sql.append(
          """
          and exists (select 1 from record r where r.correlation = p.correlation
            and r.search @@ to_tsquery('simple', :words))
          """);
      parameters.put("words", words);
    }
  }

  private static Map<String, @Nullable Object> names(String id) {
    Map<String, @Nullable Object> parameters = new HashMap<>();
    String clean = PlainText.oneLine(id);
    parameters.put("id", clean);
    // Keys are written in capitals; a number may be written without its #.
    parameters.put("names", new String[] {clean, clean.toUpperCase(Locale.ROOT), "#" + clean});
    parameters.put(
        "uuid",
        new org.springframework.jdbc.core.SqlParameterValue(
            Types.OTHER, UUID_TEXT.matcher(clean).matches() ? UUID.fromString(clean) : null));
    return parameters;
  }

  private List<Line> lines(List<Lead> leads) {
    UUID[] ids = leads.stream().map(Lead::correlation).toArray(UUID[]::new);
    Map<UUID, List<Dated>> pairs = new LinkedHashMap<>();
    jdbc.sql(PairRowMapper.SELECT + "where pair.correlation = any(?) order by pair.created_at, id")
        .param(ids)
        .query((rs, i) -> new Dated(rows.mapRow(rs, i), rs.getTimestamp("changed_at").toInstant()))
        .list()
        .forEach(
            dated ->
                pairs
                    .computeIfAbsent(dated.pair().correlation(), id -> new ArrayList<>())
                    .add(dated));
    Map<UUID, String> work = workOf(ids);
    return leads.stream()
        .filter(lead -> pairs.containsKey(lead.correlation()))
        .map(
            lead ->
                line(
                    lead,
                    pairs.getOrDefault(lead.correlation(), List.of()),
                    work.get(lead.correlation())))
        .toList();
  }

  private record Dated(Pair pair, Instant changedAt) {}

  private Map<UUID, String> workOf(UUID[] correlations) {
    Map<UUID, String> states = new HashMap<>();
    String[] subjects = new String[correlations.length];
    for (int i = 0; i < subjects.length; i++) {
      subjects[i] = "correlation:" + correlations[i];
    }
    jdbc.sql("select subject, state from inbox_entry where subject = any(?)")
        .param(subjects)
        .query(
            rs -> {
              states.put(
                  UUID.fromString(rs.getString("subject").substring("correlation:".length())),
                  rs.getString("state"));
            });
    return states;
  }

  private static Line line(Lead lead, List<Dated> dated, @Nullable String work) {
    List<Pair> pairs = dated.stream().map(Dated::pair).toList();
    Instant changedAt =
        dated.stream().map(Dated::changedAt).max(Instant::compareTo).orElse(lead.startedAt());
    return new Line(
        new Correlation(lead.correlation(), pairs),
        status(pairs, work),
        lead.startedAt(),
        changedAt);
  }

  private static Status status(List<Pair> pairs, @Nullable String work) {
    if ("DEAD_LETTER".equals(work)) {
      return Status.DEAD_LETTER;
    }
    if (pairs.stream().anyMatch(pair -> pair.state() == Pair.State.BROKEN)) {
      return Status.BROKEN;
    }
    if (pairs.stream().anyMatch(pair -> !pair.gaps().isEmpty())) {
      return Status.GAP;
    }
    if (work != null) {
      return Status.BEHIND;
    }
    if (pairs.stream().anyMatch(pair -> pair.state() == Pair.State.LINKING)) {
      return Status.LINKING;
    }
    return pairs.stream().noneMatch(Pair::isLive) ? Status.ENDED : Status.IN_SYNC;
  }
}
