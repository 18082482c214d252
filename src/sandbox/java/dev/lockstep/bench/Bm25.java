package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** What a search engine gives as it comes: BM25 over title and description, all words asked. */
final class Bm25 implements Method {
  private static final int CLAUSES = 1_000;

  private final Analyzer analyzer = new StandardAnalyzer();
  private final IndexWriter writer;
  private DirectoryReader reader;

  Bm25() {
    try {
      writer = new IndexWriter(new ByteBuffersDirectory(), new IndexWriterConfig(analyzer));
      reader = DirectoryReader.open(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Found> ask(Ticket ticket) {
    String text = ticket.title() + "\n" + ticket.description();
    try {
      BooleanQuery.Builder query = new BooleanQuery.Builder();
      words(text).stream()
          .limit(CLAUSES)
          .forEach(
              word -> query.add(new TermQuery(new Term("text", word)), BooleanClause.Occur.SHOULD));
      IndexSearcher searcher = new IndexSearcher(reader);
      List<Found> found = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(query.build(), MOST).scoreDocs) {
        found.add(new Found(searcher.storedFields().document(hit.doc).get("id"), hit.score));
      }
      add(ticket.id(), text);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String id, String text) throws IOException {
    Document document = new Document();
    document.add(new StoredField("id", id));
    document.add(new TextField("text", text, Field.Store.NO));
    writer.addDocument(document);
    DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer);
    if (newer != null) {
      reader.close();
      reader = newer;
    }
  }

  private Set<String> words(String text) throws IOException {
    Set<String> words = new LinkedHashSet<>();
    try (TokenStream stream = analyzer.tokenStream("text", text)) {
      CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        words.add(word.toString());
      }
      stream.end();
    }
    return words;
  }

  @Override
  public void close() {
    try {
      reader.close();
      writer.rollback();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
