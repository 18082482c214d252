package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedQueryTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T04:00:00Z"), ZoneOffset.UTC);

  private final Store store = new Store(new Schema());
  private int salt;

  @BeforeEach
  void threeIncidents() {
    put("sys_user", "u1", Map.of("email", "ann@example.com", "user_name", "ann"));
    put("sys_user", "u2", Map.of("email", "bob@example.com", "user_name", "bob"));
    put(
        "incident",
        "a",
        Map.of(
            "number", "INC1",
            "short_description", "Mail is down",
            "state", "1",
            "priority", "2",
            "assigned_to", "u1",
            "correlation_id", "x/1",
            "sys_mod_count", "10",
            "sys_updated_on", "2026-11-24 03:00:00"));
    put(
        "incident",
        "b",
        Map.of(
            "number", "INC2",
            "short_description", "VPN^slow",
            "state", "2",
            "priority", "1",
            "assigned_to", "u2",
            "sys_mod_count", "9",
            "sys_updated_on", "2026-11-24 03:00:01"));
    put(
        "incident",
        "c",
        Map.of(
            "number", "INC3",
            "short_description", "Mail is slow",
            "state", "6",
            "priority", "3",
            "sys_mod_count", "1",
            "sys_updated_on", "2026-11-24 03:30:00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                              | a b c",
        "number=INC1                                     | a",
        "number!=INC1                                    | b c",
        "correlation_id=x/1                              | a",
        "correlation_id=x/2                              | ''",
        "correlation_id!=x/1                             | b c",
        "correlation_id=                                 | b c",
        "sys_idINa,c                                     | a c",
        "stateIN1,6                                      | a c",
        "stateNOT IN1,6                                  | b",
        "short_descriptionLIKEMail                       | a c",
        "short_descriptionLIKEmail                       | ''",
        "short_descriptionNOT LIKEMail                   | b",
        "short_descriptionNOTLIKEMail                    | b",
        "short_descriptionSTARTSWITHVPN                  | b",
        "short_descriptionENDSWITHslow                   | b c",
        "short_description=VPN^^slow                     | b",
        "assigned_toISEMPTY                              | c",
        "assigned_toISNOTEMPTY                           | a b",
        "assigned_to.email=bob@example.com               | b",
        "assigned_to.emailSTARTSWITHann                  | a",
        "sys_mod_count>9                                 | a",
        "sys_mod_count>=9                                | a b",
        "sys_mod_count<=9                                | b c",
        "sys_mod_countBETWEEN2@9                         | b",
        "sys_updated_on>2026-11-24 03:00:00              | b c",
        "sys_updated_on>=2026-11-24 03:00:00             | a b c",
        "sys_updated_on<2026-11-24 03:00:01              | a",
        "sys_updated_on>=javascript:gs.dateGenerate('2026-11-24','03:00:01')      | b c",
        "sys_updated_onBETWEEN2026-11-24 03:00:01@2026-11-24 03:30:00             | b c",
        "sys_updated_on>javascript:gs.minutesAgo(45)     | c",
        "assigned_to=javascript:gs.getUserID()           | a",
        "stateIN1,2^priority=1                           | b",
        "state=1^ORstate=6                               | a c",
        "priority<3^state=2^ORstate=6                    | b",
        "state=1^NQstate=6                               | a c",
        "state=1^EQ                                      | a",
        "state=6^ORDERBYnumber^NQstate=2                 | b c"
      })
  void picks(String query, String expected) {
    assertThat(ids(query).stream().sorted().toList()).isEqualTo(words(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ORDERBYpriority           | b a c",
        "ORDERBYDESCpriority       | c a b",
        "ORDERBYsys_mod_count      | c b a",
        "ORDERBYassigned_to.email  | c a b",
        "stateIN1,6^ORDERBYDESCsys_updated_on^ORDERBYsys_id | c a"
      })
  void orders(String query, String expected) {
    assertThat(ids(query)).isEqualTo(words(expected));
  }

  /** What a real instance does by default, and how a mistyped query returns far too much. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "colour=red                        | a b c",
        "colour=red^state=1                | a",
        "state~1                           | a b c",
        "state=1^ORcolour=red              | a",
        "colour=red^ORstate=2              | b",
        "sys_updated_on>yesterday          | a b c",
        "state=javascript:gs.exit()        | a b c",
        "assigned_to.shoe_size=40          | a b c"
      })
  void leavesOutWhatMakesNoSense(String query, String expected) {
    assertThat(ids(query).stream().sorted().toList()).isEqualTo(words(expected));
    assertThat(parse(query, ZoneOffset.UTC, true).run(store, 0)).isEmpty();
  }

  @Test
  void readsPlainTimesInTheUsersTimeZone() {
    for (String query :
        List.of(
            "sys_updated_on>=2026-11-24 04:00:01",
            "sys_updated_onBETWEEN2026-11-24 04:00:01@2026-11-24 05:00:00")) {
      assertThat(
              parse(query, ZoneId.of("Europe/Berlin"), false).run(store, 0).stream()
                  .map(Row::sysId)
                  .sorted())
          .as(query)
          .containsExactly("b", "c");
    }
    String scripted = "sys_updated_on>javascript:gs.minutesAgo(45)";
    assertThat(parse(scripted, ZoneId.of("Europe/Berlin"), false).run(store, 0))
        .extracting(Row::sysId)
        .containsExactly("c");
  }

  @Test
  void readsGeneratedDatesInTheUsersTimeZone() {
    String query = "sys_updated_on>=javascript:gs.dateGenerate('2026-11-24','04:00:01')";
    List<String> found =
        parse(query, ZoneId.of("Europe/Berlin"), false).run(store, 0).stream()
            .map(Row::sysId)
            .sorted()
            .toList();
    assertThat(found).containsExactly("b", "c");
  }

  /** A caller that pages without a complete order must not be lucky here. */
  @Test
  void promisesNoOrderAmongEquals() {
    for (int i = 0; i < 50; i++) {
      put("problem", "p" + i, Map.of("sys_updated_on", "2026-11-24 03:00:00"));
    }
    EncodedQuery incomplete = query("problem", "ORDERBYsys_updated_on");
    EncodedQuery complete = query("problem", "ORDERBYsys_updated_on^ORDERBYsys_id");
    assertThat(incomplete.run(store, 1)).isNotEqualTo(incomplete.run(store, 2));
    assertThat(complete.run(store, 1)).isEqualTo(complete.run(store, 2));
  }

  private void put(String table, String sysId, Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.put("sys_id", sysId);
    store.put(new Row(table, sysId, all));
  }

  private EncodedQuery query(String table, String text) {
    UserSession actor = new UserSession("ann", "u1", UserSession.Access.WORK, true);
    return EncodedQuery.parse(
        text, table, store, new QueryScript(actor, CLOCK, ZoneOffset.UTC), false);
  }

  private EncodedQuery parse(String text, ZoneId zone, boolean strict) {
    UserSession actor = new UserSession("ann", "u1", UserSession.Access.WORK, true);
    return EncodedQuery.parse(text, "incident", store, new QueryScript(actor, CLOCK, zone), strict);
  }

  private List<String> ids(String query) {
    return parse(query, ZoneOffset.UTC, false).run(store, salt++).stream().map(Row::sysId).toList();
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }
}
