package dev.lockstep.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/** "Try again" is said only where trying again may help. */
class ApiExceptionHandlerTest {
  private final ApiExceptionHandler problems = new ApiExceptionHandler();

  private int status(RuntimeException failure) {
    return problems.databaseError(failure).getStatus();
  }

  @Test
  void aDatabaseThatIsAwayIsUnavailable() {
    assertThat(status(new CannotGetJdbcConnectionException("the pool is empty"))).isEqualTo(503);
    assertThat(status(new CannotCreateTransactionException("no connection"))).isEqualTo(503);
  }

  @Test
  void dataTheDatabaseRefusesIsAnError() {
    assertThat(status(new DataIntegrityViolationException("invalid byte sequence: 0x00")))
        .isEqualTo(500);
    assertThat(status(new IncorrectResultSizeDataAccessException(1, 2))).isEqualTo(500);
    assertThat(status(new BadSqlGrammarException("find", "selct", new SQLException("x", "42601"))))
        .isEqualTo(500);
  }
}
