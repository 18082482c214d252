package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.params.provider.ValueSource;

class EncodedQueryTest {
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
        "correlation_id=x/1                              | a",
        "correlation_id=x/2                              | ''",
        "correlation_id=                                 | b c",
        "sys_idINa,c                                     | a c",
        "short_descriptionLIKEmail is                    | a c",
        "short_descriptionLIKEnothing                    | ''",
        "stateIN1,6                                      | a c",
        "short_description=VPN^^slow                     | b",
        "priority=1^state=2^ORstate=6                    | b",
        "sys_updated_on>=2026-11-24 03:00:00^sys_updated_on>2026-11-24 03:00:00^ORsys_id>a | b c",
        "assigned_to.email=bob@example.com               | b",
        "sys_mod_count>9                                 | a",
        "sys_mod_count>=9                                | a b",
        "sys_updated_on>2026-11-24 03:00:00              | b c",
        "sys_updated_on>=2026-11-24 03:00:00             | a b c",
        "stateIN1,2^priority=1                           | b",
        "state=1^ORstate=6                               | a c"
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
        "state=1^ORcolour=red              | a",
        "colour=red^ORstate=2              | b",
        "sys_updated_on>yesterday          | a b c",
        "assigned_to.shoe_size=40          | a b c"
      })
  void leavesOutWhatMakesNoSense(String query, String expected) {
    assertThat(ids(query).stream().sorted().toList()).isEqualTo(words(expected));
    assertThat(parse(query, ZoneOffset.UTC, true).run(store, 0)).isEmpty();
  }

  /** What Lockstep never sends is not simulated; a query of it must not look as if it worked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "number!=INC1",
        "correlation_id!=x/1",
        "stateNOT IN1,6",
        "short_descriptionNOT LIKEMail",
        "short_descriptionNOTLIKEMail",
        "short_descriptionSTARTSWITHVPN",
        "short_descriptionENDSWITHslow",
        "assigned_toISEMPTY",
        "assigned_toISNOTEMPTY",
        "sys_mod_count<=9",
        "sys_mod_count<9",
        "sys_mod_countBETWEEN2@9",
        "sys_updated_on>=javascript:gs.minutesAgo(45)",
        "assigned_to=javascript:gs.getUserID()",
        "state=javascript:gs.exit()",
        "state=1^NQstate=6",
        "state=1^EQ",
        "state=1^GROUPBYstate",
        "state~1"
      })
  void refusesWhatIsNotSimulated(String query) {
    assertThatThrownBy(() -> ids(query))
        .isInstanceOf(ServiceNowException.class)
        .hasMessageContaining("The simulator knows no");
  }

  @Test
  void readsPlainTimesInTheUsersTimeZone() {
    assertThat(
            parse("sys_updated_on>=2026-11-24 04:00:01", ZoneId.of("Europe/Berlin"), false)
                .run(store, 0)
                .stream()
                .map(Row::sysId)
                .sorted())
        .containsExactly("b", "c");
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
    return EncodedQuery.parse(text, table, store, ZoneOffset.UTC, false);
  }

  private EncodedQuery parse(String text, ZoneId zone, boolean strict) {
    return EncodedQuery.parse(text, "incident", store, zone, strict);
  }

  private List<String> ids(String query) {
    return parse(query, ZoneOffset.UTC, false).run(store, salt++).stream().map(Row::sysId).toList();
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }
}
