package dev.lockstep.mapping.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values composed of several fields. */
class FieldTemplateTest {
  private final Map<String, String> values =
      new HashMap<>(Map.of("number", "INC1", "title", "Mail {x} is $1 down", "assignee", ""));

  private String fill(String template) {
    return new FieldTemplate(template).fill(values::get);
  }

  @Test
  void fieldsAreFilledAsTheyAre() {
    assertThat(fill("inc-{{number}}: {{title}}!")).isEqualTo("inc-INC1: Mail {x} is $1 down!");
  }

  @Test
  void aPartWithoutItsValueIsLeftOut() {
    assertThat(fill("{{number}}[ · {{assignee}}][ ({{title}})]"))
        .isEqualTo("INC1 (Mail {x} is $1 down)");
    values.put("assignee", "Ann");
    assertThat(fill("{{number}}[ · {{assignee}}]")).isEqualTo("INC1 · Ann");
  }

  @Test
  void whatTheRecordDoesNotShowIsNotGuessed() {
    values.remove("assignee");
    assertThat(fill("{{number}}[ · {{assignee}}]")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{a}}[ {{b}}] c|true",
        "{{a|false",
        "{a}|false",
        "a}|false",
        "{{A}}|false",
        "[{{a}}|false",
        "[[{{a}}]]|false"
      })
  void bracesAndBracketsBelongToFieldsAndParts(String template, boolean valid) {
    assertThat(new FieldTemplate(template).isValid()).isEqualTo(valid);
  }
}
