package dev.lockstep.ops;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which connectors and mappings are used; directly under {@code lockstep}.
 *
 * @param connectors the folders that contain the systems' folders; the first also has the schemas;
 *     default connectors
 * @param instances further systems of a connector, each as {@code name=connector}; default none
 * @param mappingsDir the folder of the mappings; default mappings
 * @param mappings the mappings in use, without {@code .yaml}; default none, which is refused
 * @param everythingInScope treat every record as in scope, regardless of the mappings; for test
 *     runs; default false
 */
@ConfigurationProperties("lockstep")
public record FileSettings(
    @DefaultValue("connectors") List<Path> connectors,
    @DefaultValue List<String> instances,
    @DefaultValue("mappings") Path mappingsDir,
    @DefaultValue List<String> mappings,
    // Not a primitive: an empty value means the default.
    @DefaultValue("false") Boolean everythingInScope) {

  /** The systems that these connectors and instances make up. */
  public ConnectorFolders folders() {
    return new ConnectorFolders(connectors, instances);
  }
}
