package dev.lockstep.publish;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server (RFC 5321) that refuses a recipient. */
final class RefusingMailServer implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private volatile String refused;

  RefusingMailServer(int port, String refused) throws IOException {
    this.server = new ServerSocket(port, 10, InetAddress.getByName("127.0.0.1"));
    this.refused = refused;
    Thread thread = new Thread(this::serve, "mail-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** The recipients of the messages it took. */
  List<String> accepted() {
    return List.copyOf(accepted);
  }

  void acceptAll() {
    refused = "";
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        converse(client);
      } catch (IOException e) {
        // The client, or the test, is done.
      }
    }
  }

  private void converse(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    Writer out =
        new java.io.OutputStreamWriter(client.getOutputStream(), StandardCharsets.US_ASCII);
    answer(out, "220 test");
    String to = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String command = line.toUpperCase(java.util.Locale.ROOT);
      if (command.startsWith("RCPT TO:")) {
        to = line.replaceAll(".*<|>.*", "");
        answer(out, to.equals(refused) ? "550 5.1.1 no such mailbox" : "250 ok");
      } else if (command.equals("DATA")) {
        answer(out, "354 go on");
        while (!".".equals(in.readLine())) {
          // The message.
        }
        accepted.add(to);
        answer(out, "250 taken");
      } else if (command.equals("QUIT")) {
        answer(out, "221 bye");
        return;
      } else {
        answer(out, "250 ok");
      }
    }
  }

  private static void answer(Writer out, String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
