package dev.lockstep.command;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.intake.ReceivedCommand;
import dev.lockstep.ops.database.JsonColumns;
import dev.lockstep.record.RecordRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code command}. */
@Component
class CommandStore {
  private static final TypeReference<Answer> ANSWER = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonColumns json;

  CommandStore(JdbcClient jdbc, ObjectMapper json) {
    this.jdbc = jdbc;
    this.json = new JsonColumns(json, "command");
  }

  /**
   * Stores a command.
   *
   * @return false if it was stored before
   */
  boolean insert(UUID id, ReceivedCommand command) {
    RecordRef place = command.place();
    return jdbc.sql(
                """
                insert into command
                  (id, system, delivery, sender, place, text, button, answer_to, received_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (system, delivery) do nothing
                """)
            .params(
                id,
                command.system(),
                command.deliveryId(),
                command.sender(),
                place == null ? null : place.toString(),
                command.text(),
                command.button(),
                command.answerTo(),
                Timestamp.from(command.receivedAt()))
            .update()
        == 1;
  }

  /** Empty if it is done, or deleted. */
  Optional<StoredCommand> findOpen(UUID id) {
    return jdbc.sql("select * from command where id = ? and done_at is null")
        .param(id)
        .query(this::command)
        .optional();
  }

  private StoredCommand command(ResultSet rs, int index) throws SQLException {
    String place = rs.getString("place");
    String answer = rs.getString("answer");
    return new StoredCommand(
        rs.getObject("id", UUID.class),
        new ReceivedCommand(
            rs.getString("system"),
            rs.getString("delivery"),
            rs.getString("sender"),
            place == null ? null : RecordRef.parse(place),
            rs.getString("text"),
            rs.getBoolean("button"),
            rs.getString("answer_to"),
            rs.getTimestamp("received_at").toInstant()),
        rs.getBoolean("asked"),
        answer == null ? null : json.read(answer, ANSWER));
  }

  void setAsked(UUID id) {
    jdbc.sql("update command set asked = true where id = ?").param(id).update();
  }

  void setAnswer(UUID id, Answer answer) {
    jdbc.sql("update command set answer = ?::jsonb where id = ?")
        .params(json.write(answer), id)
        .update();
  }

  /** The address for answers, which is a secret, is not needed any more. */
  void setDone(UUID id, Instant at) {
    jdbc.sql("update command set done_at = ?, answer_to = '' where id = ?")
        .params(Timestamp.from(at), id)
        .update();
  }

  /** What was received before then can neither be repeated nor answered any more. */
  void deleteReceivedBefore(Instant before) {
    jdbc.sql("delete from command where received_at < ?").param(Timestamp.from(before)).update();
  }
}
