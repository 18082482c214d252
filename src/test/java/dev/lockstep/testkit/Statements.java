package dev.lockstep.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The statements that reach the database, in the order in which they were executed. */
public final class Statements extends DelegatingDataSource {
  private final List<String> executed = new CopyOnWriteArrayList<>();

  public Statements(DataSource target) {
    super(target);
  }

  public List<String> executed() {
    return List.copyOf(executed);
  }

  public void forget() {
    executed.clear();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return observed(Connection.class, super.getConnection(), "");
  }

  private <T> T observed(Class<T> type, Object target, String sql) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (target instanceof Statement && method.getName().startsWith("execute")) {
            executed.add(arguments == null || arguments.length == 0 ? sql : (String) arguments[0]);
          }
          try {
            Object result = method.invoke(target, arguments);
            String text = arguments == null || arguments.length == 0 ? "" : arguments[0].toString();
            if (target instanceof Connection && result instanceof PreparedStatement statement) {
              return observed(PreparedStatement.class, statement, text);
            }
            return target instanceof Connection && result instanceof Statement statement
                ? observed(Statement.class, statement, text)
                : result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
