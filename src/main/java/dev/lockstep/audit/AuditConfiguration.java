package dev.lockstep.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spring bean of the audit. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

  @Bean
  AuditStore auditStore(JdbcClient jdbc, ObjectMapper json, Clock clock) {
    return new AuditStore(jdbc, json, clock);
  }
}
