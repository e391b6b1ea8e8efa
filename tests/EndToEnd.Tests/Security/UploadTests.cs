using System.IO.Compression;
using System.Text;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>Bodies that are made to use up memory, disk or time. Each is stopped where its limit is, and the host goes on as before.</summary>
[Collection(SecurityHosts.Name)]
public sealed class UploadTests(SecurityHost host)
{
    private const string Path = "/api/catalog/imports";
    private const string Header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Published\n";

    // What a host may use for one of these beside what it uses anyway. They are hundreds of megabytes.
    private const long Memory = 150L << 20;
    private const long Megabyte = 1 << 20;

    private static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string('x', 1 << 20));

    public static readonly TheoryData<string, string, string, long> Bombs = new()
    {
        // What it is, how it begins, what comes again and again, and after how many bytes at the latest the host has to have seen through it.
        { "one cell without end", Header, "x", 8 * Megabyte },
        { "one quoted cell without end", Header + "a,\"", "x\n", 8 * Megabyte },
        { "one row of empty cells without end", Header, ",", 8 * Megabyte },
        { "columns without end", "Handle", ",Title", 8 * Megabyte },
        { "quotes that are opened and closed without end", Header + "a,\"", "\"\"", 8 * Megabyte },
        { "rows without end", Header, "a\n", 8 * Megabyte },
        { "NULs without end", Header, "\0", 8 * Megabyte },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_file_without_end_is_stopped_early_and_costs_little(string what, string begin, string again, long atMost)
    {
        var before = RawRequest.PeakMemory(host.Running.Process.Id);
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, (1 << 18) / again.Length)));

        var (answer, sent) = await PostAsync("text/csv", begin, Enumerable.Repeat(piece, 4_096));

        Assert.Matches("^HTTP/1.1 (413|422) ", answer);
        // What is under way in the buffers of two sockets comes on top.
        Assert.True(sent < atMost + (16 * Megabyte), $"{what}: {sent} bytes were taken.");
        Assert.True(RawRequest.PeakMemory(host.Running.Process.Id) - before < Memory, what);
        (await host.Admin.GetAsync("/health/ready")).Expect(200);
    }

    [Fact]
    public async Task A_gigabyte_in_proper_rows_is_stopped_at_the_limit_and_leaves_no_file()
    {
        var row = Encoding.ASCII.GetBytes($"a,{new string('x', 500_000)},Title,Default Title,BOMB,1.00,true\n");
        var before = RawRequest.PeakMemory(host.Running.Process.Id);

        var (answer, sent) = await PostAsync("text/csv", Header, Enumerable.Repeat(row, 2_100));

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.InRange(sent, 250 * Megabyte, 300 * Megabyte);
        Assert.True(RawRequest.PeakMemory(host.Running.Process.Id) - before < Memory);
        // The file loses its name as soon as it is made; what is open still shows among what the process has open.
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.GetFiles($"/proc/{host.Running.Process.Id}/fd").Any(static open => new FileInfo(open).LinkTarget?.Contains("catalog-import-", StringComparison.Ordinal) == true)));
    }

    [Theory]
    [InlineData("/api/baskets", "application/json", "{\"x\":\"")]
    [InlineData("/api/identity/oauth/token", "application/x-www-form-urlencoded", "grant_type=")]
    [InlineData("/api/identity/sign-in", "application/json", "{\"email\":\"")]
    [InlineData("/api/catalog/products", "application/json", "[")]
    public async Task Chunks_without_end_are_stopped_at_the_limit(string path, string type, string begin)
    {
        var before = RawRequest.PeakMemory(host.Running.Process.Id);

        var (answer, sent) = await PostAsync(type, begin, Enumerable.Repeat(Piece, 256), path);

        Assert.Matches("^HTTP/1.1 (413|400) ", answer);
        Assert.True(sent < 40 * Megabyte, $"{sent} bytes were taken.");
        Assert.True(RawRequest.PeakMemory(host.Running.Process.Id) - before < Memory);
    }

    [Fact]
    public async Task A_form_of_parts_without_end_is_stopped()
    {
        const string Part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n";
        var parts = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Part, 20_000)));
        var before = RawRequest.PeakMemory(host.Running.Process.Id);

        var (answer, sent) = await PostAsync("multipart/form-data; boundary=b", string.Empty, Enumerable.Repeat(parts, 400));

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.True(sent < 16 * Megabyte, $"{sent} bytes were taken.");
        Assert.True(RawRequest.PeakMemory(host.Running.Process.Id) - before < Memory);
    }

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n")]
    [InlineData("X: y\r\n")]
    public async Task Headers_of_a_part_without_end_are_refused(string header)
    {
        var headers = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(header, 5_000)));
        var (answer, sent) = await PostAsync("multipart/form-data; boundary=b", "--b\r\n", Enumerable.Repeat(headers, 200));
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.True(sent < 16 * Megabyte, $"{sent} bytes were taken.");
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("multipart/form-data; boundary=b")]
    public async Task Archives_are_not_unpacked(string type)
    {
        using var archive = new MemoryStream();
        await using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await zip.CreateEntry("products.csv", CompressionLevel.SmallestSize).OpenAsync();
            for (var megabyte = 0; megabyte < 32; megabyte++)
            {
                await entry.WriteAsync(Piece);
            }
        }

        byte[] body = type == "text/csv" ? archive.ToArray() : [.. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.zip\"\r\n\r\n"u8, .. archive.ToArray(), .. "\r\n--b--\r\n"u8];
        (await host.Admin.PostBytesAsync(Path, body, type)).ExpectProblem(422);
    }

    [Theory]
    [InlineData("../../../../tmp/planted.csv")]
    [InlineData("/etc/cron.d/planted")]
    [InlineData("..\\planted.csv")]
    [InlineData("x\\\"; filename=\\\"planted.csv")]
    public async Task The_name_of_a_file_is_not_used(string name)
    {
        var body = Encoding.ASCII.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{Header}\r\n--b--\r\n");
        var answer = await host.Admin.PostBytesAsync(Path, body, "multipart/form-data; boundary=b");
        Assert.True(answer.Code is 201 or 400 or 422, answer.ToString());
        Assert.False(File.Exists("/tmp/planted.csv") || File.Exists("/etc/cron.d/planted"));
    }

    private async Task<(string Answer, long Sent)> PostAsync(string type, string begin, IEnumerable<byte[]> pieces, string path = Path)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {await host.Admin.AuthorizationAsync()}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        var chunks = pieces.Select(Chunks());
        return await RawRequest.SendAsync(host.Running.Process.Address, head, begin.Length > 0 ? chunks.Prepend(RawRequest.Chunk(Encoding.ASCII.GetBytes(begin))) : chunks);
    }

    // The same piece is sent again and again, and is made into a chunk once.
    private static Func<byte[], byte[]> Chunks()
    {
        byte[]? piece = null, chunk = null;
        return next =>
        {
            if (!ReferenceEquals(piece, next))
            {
                (piece, chunk) = (next, RawRequest.Chunk(next));
            }

            return chunk!;
        };
    }
}
