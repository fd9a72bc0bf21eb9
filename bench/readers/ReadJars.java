import java.io.InputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Opens the jars FOLDER/0 to FOLDER/COUNT-1; prints a line for each: its entries as NAME(base64)=CRC, or "refused". */
public class ReadJars {
  public static void main(String[] arguments) throws Exception {
    for (int index = 0; index < Integer.parseInt(arguments[1]); index++) {
      System.out.println(read(arguments[0] + "/" + index));
    }
  }

  private static String read(String path) {
    StringBuilder line = new StringBuilder("read");
    try (ZipFile zip = new ZipFile(path)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        byte[] name = entry.getName().getBytes(StandardCharsets.UTF_8);
        line.append(' ').append(Base64.getEncoder().encodeToString(name)).append('=').append(crcOf(zip, entry));
      }
      return line.toString();
    } catch (IOException | RuntimeException refused) {
      return "refused";
    }
  }

  private static String crcOf(ZipFile zip, ZipEntry entry) {
    try (InputStream stream = zip.getInputStream(entry)) {
      CRC32 crc = new CRC32();
      crc.update(stream.readNBytes(1 << 20));
      return Long.toHexString(crc.getValue());
    } catch (IOException | RuntimeException unread) {
      return "unread";
    }
  }
}
