package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "DATABASE_PASSWORD, x, ••••••",
    "LOCKSTEP_API_TOKEN, x, ••••••",
    "TOY_KEY, x, ••••••",
    "OTEL_EXPORTER_OTLP_HEADERS, x, ••••••",
    "DATABASE_PASSWORD, '', ''",
    "DATABASE_URL, jdbc:postgresql://h/db, jdbc:postgresql://h/db",
    "DATABASE_URL, jdbc:postgresql://u:p@h/db?user=u&password=p&ssl=true,"
        + " jdbc:postgresql://••••••@h/db?user=u&password=••••••&ssl=true",
    "OPS_URL, https://h/w?sp=x&sig=abc, https://h/w?sp=x&sig=••••••",
    "lockstep.mappings, incident, incident"
  })
  void masksSecrets(String name, String value, String shown) {
    assertThat(EffectiveSettings.mask(name, value)).isEqualTo(shown);
  }
}
