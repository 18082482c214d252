package dev.lockstep.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.access.Role;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people type. */
class CommandLineTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "'', '', STATUS, '', ''",
        "'  status ', '', STATUS, '', ''",
        "Note Called the  vendor, '', NOTE, '', Called the  vendor",
        "INC0010001, INC0010001, STATUS, '', ''",
        "INC0010001 resolve It is the cache, INC0010001, RESOLVE, '', It is the cache",
        "servicenow/incident/1 update executives send #3:0f, servicenow/incident/1, UPDATE, '',"
            + " executives send #3:0f",
        "INC0010001 dance now, INC0010001, HELP, dance, now",
        "status INC0010001, '', STATUS, '', INC0010001",
      })
  void isAnIncidentAVerbAndMore(
      String typed, String incident, Verb verb, String word, String more) {
    assertThat(CommandLine.parse(typed)).isEqualTo(new CommandLine(incident, verb, word, more));
  }

  @ParameterizedTest
  @CsvSource({
    "status, VIEWER",
    "help, VIEWER",
    "link, VIEWER",
    "timeline, VIEWER",
    "update, VIEWER",
    "update executives, VIEWER",
    "update executives send, OPERATOR",
    "update executives snooze 15m, OPERATOR",
    "note text, OPERATOR",
    "assign @U1, OPERATOR",
    "acknowledge, OPERATOR",
    "resolve, OPERATOR",
    "page, OPERATOR"
  })
  void whatChangesSomethingNeedsAnOperator(String typed, Role role) {
    assertThat(CommandLine.parse(typed).role()).isEqualTo(role);
  }
}
