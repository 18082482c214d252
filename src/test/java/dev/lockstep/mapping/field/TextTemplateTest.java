package dev.lockstep.mapping.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts with words and values of fields. */
class TextTemplateTest {
  private static final Map<String, String> WORDS =
      Map.of("number.value", "INC1", "title.value", "Mail {{state}} [x] is $1 down", "state", "Up");

  private static String fill(String template) {
    return new TextTemplate(template).fill(name -> Optional.ofNullable(WORDS.get(name)));
  }

  /** Nothing in a value is a placeholder, a part or a reference to a group. */
  @Test
  void valuesAreFilledInAsTheyAre() {
    assertThat(fill("inc-{{number.value}}: {{title.value}}!"))
        .isEqualTo("inc-INC1: Mail {{state}} [x] is $1 down!");
    assertThat(fill("[({{title.value}})]")).isEqualTo("(Mail {{state}} [x] is $1 down)");
  }

  @Test
  void aPartWithoutItsValueIsLeftOut() {
    assertThat(fill("{{number.value}}[ · {{assignee.value}}][ ({{number.value}})]"))
        .isEqualTo("INC1 (INC1)");
    assertThat(fill("{{number.value}}[ · {{number.value}} {{assignee.value}}]")).isEqualTo("INC1");
    assertThat(fill("by {{assignee.value|nobody}}")).isEqualTo("by nobody");
  }

  /** They may belong to the text: "[Planned] Maintenance". */
  @Test
  void otherBracketsStay() {
    assertThat(fill("[Demo] {{state|Down}} [{{service|a service}}]"))
        .isEqualTo("[Demo] Up [a service]");
  }

  /** A path with a condition, whose brackets are no part of a text. */
  @Test
  void aPathIsFilledWhole() {
    TextTemplate path = new TextTemplate("roles[id={{number.value}}].user");
    assertThat(path.fillAll(name -> Optional.ofNullable(WORDS.get(name))))
        .contains("roles[id=INC1].user");
    assertThat(path.fillAll(name -> Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{{a|b}}[ {{b.value}}] c ~ true",
        "[{{a.value}} ~ true",
        "{{a|false ~ false",
        "{a} ~ false",
        "a} ~ false"
      })
  void bracesBelongToPlaceholders(String template, boolean wellFormed) {
    assertThat(new TextTemplate(template).isWellFormed()).isEqualTo(wellFormed);
  }
}
