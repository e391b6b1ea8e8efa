using System.Text;
using ModularMonolith.Catalog.Imports;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Tests.Imports;

public sealed class StructureTests
{
    public static TheoryData<byte[], int, string> Malformed => new()
    {
        { [], 1, "empty" },
        { [0xEF, 0xBB, 0xBF], 1, "empty" },
        { "\n\n"u8.ToArray(), 1, "empty" },
        { "a,b\nc,\0\n"u8.ToArray(), 2, "NUL" },
        { [.. "a\nb,"u8, 0xFF, .. "\n"u8], 2, "UTF-8" },
        { [.. "a\nb,"u8, 0xC0, 0x80], 2, "UTF-8" },
        { [.. "a\nb,"u8, 0xED, 0xA0, 0x80], 2, "UTF-8" },
        { [.. "a\nb,"u8, 0xF4, 0x90, 0x80, 0x80], 2, "UTF-8" },
        { [.. "a\nb,"u8, 0xE2, 0x82], 2, "UTF-8" },
        { [.. "a\r\nCaf"u8, 0xE9, .. "\r\n"u8], 2, "UTF-8" },
        { [0xFF, 0xFE, 0x48, 0x00], 1, "UTF-16" },
        { [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], 1, "spreadsheet" },
        { "a,b\r\n1,\"x\ny\n"u8.ToArray(), 2, "never closed" },
        { "a,b\n1,x\"y\n"u8.ToArray(), 2, "inside a cell" },
        { "a,b\n\"1\n2\",\"x\"y\n"u8.ToArray(), 3, "follows a closing" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_file_that_is_not_csv_text_is_refused_with_the_line(byte[] content, int line, string mentions)
    {
        var malformed = Assert.Throws<CsvFormatException>(() => Check(content, int.MaxValue));

        Assert.Equal(line, malformed.Line);
        Assert.Contains(mentions, malformed.Message, StringComparison.Ordinal);

        // However the network cuts it.
        Assert.Equal(line, Assert.Throws<CsvFormatException>(() => Check(content, 1)).Line);
    }

    [Fact]
    public void A_cell_and_a_row_beyond_their_limits_are_refused_with_the_line()
    {
        var cell = Encoding.UTF8.GetBytes("a\n\"x\ny\"\n\"" + new string('\n', CsvStructure.MaximumFieldBytes + 1));
        var row = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat(new string('x', 1_000) + ",", 2_200)));

        Assert.Equal(4, Assert.Throws<CsvFormatException>(() => Check(cell, 1 << 16)).Line);
        Assert.Equal(2, Assert.Throws<CsvFormatException>(() => Check(row, 1 << 16)).Line);
    }

    [Fact]
    public void Ten_megabytes_of_junk_are_refused()
    {
        var junk = new byte[10 << 20];
        new Random(7).NextBytes(junk);

        Assert.Throws<CsvFormatException>(() => Check(junk, 1 << 16));
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\n\n\n1,2")]
    [InlineData("a\r1\r2")]
    [InlineData("\uFEFFa,\"b\"\r\n\"x\"\"y\r\nz\",ä€😀\r\n")]
    [InlineData("\uFEFF\"a\",b\n")]
    public void Valid_csv_passes_whatever_its_line_ends(string text)
    {
        Check(Encoding.UTF8.GetBytes(text), int.MaxValue);
        Check(Encoding.UTF8.GetBytes(text), 1);
    }

    [Fact]
    public void More_rows_than_possible_are_refused()
    {
        var rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", CsvStructure.MaximumRows + 1)));
        Check(rows, 1 << 16);

        Assert.Contains("500,000", Assert.Throws<CsvFormatException>(() => Check([.. rows, .. "x\n"u8], 1 << 16)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            UploadedFile.ReceiveAsync(new MemoryStream("a,b\n1,2\n"u8.ToArray()), UploadedFile.CreateTemporary, 7, CancellationToken.None));

        Assert.Equal(413, refused.Type.Status);
    }

    [Fact]
    public async Task A_full_disk_is_said_to_be_full()
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            UploadedFile.ReceiveAsync(new MemoryStream("a,b\n"u8.ToArray()), () => new FullDisk(), 1_000, CancellationToken.None));

        Assert.Equal(507, refused.Type.Status);
        Assert.Contains("disk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_no_file()
    {
        using var aborted = new CancellationTokenSource();
        var body = new BreakingOff(aborted);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UploadedFile.ReceiveAsync(body, () => body.Kept = UploadedFile.CreateTemporary(), 1_000, aborted.Token));

        Assert.False(body.Kept!.CanWrite);
        Assert.False(File.Exists(body.Kept.Name));
    }

    private static void Check(byte[] content, int chunk)
    {
        var structure = new CsvStructure();
        for (var start = 0; start < content.Length; start += Math.Min(chunk, content.Length - start))
        {
            structure.Feed(content.AsSpan(start, Math.Min(chunk, content.Length - start)));
        }

        structure.Complete();
    }

    private sealed class FullDisk : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("No space left on device");
    }

    /// <summary>Sends one part and then waits until it is cancelled.</summary>
    private sealed class BreakingOff(CancellationTokenSource aborted) : MemoryStream
    {
        private bool _sent;

        public FileStream? Kept { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_sent)
            {
                await aborted.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            _sent = true;
            "a,b\n"u8.CopyTo(buffer.Span);
            return 4;
        }
    }
}
