using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using Xunit.Abstractions;

namespace ModularMonolith.Catalog.Tests.Imports;

/// <summary>
/// A file that does not fit into a few batches. The environment variable CATALOG_IMPORT_ROWS sets its size, 200000 for the figures in the
/// documentation; the small default keeps the suite fast. No other test runs beside it, since what they need would be counted too.
/// </summary>
[Collection(Alone)]
public sealed class BulkImportTests(ImportHost catalog, ITestOutputHelper output) : IClassFixture<ImportHost>
{
    private const string Alone = "memory";
    private const int RowsPerProduct = 4;
    private const long MemoryLimit = 300L << 20;

    [Fact]
    public async Task A_long_file_is_imported_in_bounded_memory_and_again_without_a_change()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("CATALOG_IMPORT_ROWS") ?? "4000", CultureInfo.InvariantCulture);
        await catalog.ImportAsync(SampleFile.Apparel);

        var first = await MeasureAsync("import", rows);
        var again = await MeasureAsync("import again", rows);

        var products = rows / RowsPerProduct;
        Assert.Equal((rows, products, 0), (Number(first, "rows"), Number(first, "created"), Number(first, "unchanged")));
        Assert.Equal((0, products), (Number(again, "created") + Number(again, "updated"), Number(again, "unchanged")));
        Assert.Equal(
            rows / RowsPerProduct * 3,
            (await catalog.Host.PublishedAsync<StockDeclared>()).SelectMany(declared => declared.Lines).Count(line => line.Sku.StartsWith("BULK-", StringComparison.Ordinal)));
        Assert.Equal(
            rows / RowsPerProduct * 3,
            (await catalog.Host.PublishedAsync<PricesChanged>()).SelectMany(changed => changed.Prices).Count(price => price.Sku.StartsWith("BULK-", StringComparison.Ordinal)));
        await MeasureExportAsync();
    }

    private static int Number(JsonElement report, string name) =>
        (report.TryGetProperty(name, out var number) ? number : report.GetProperty("products").GetProperty(name)).GetInt32();

    private async Task<JsonElement> MeasureAsync(string what, int rows)
    {
        using var memory = new MemoryWatch();
        var started = Stopwatch.GetTimestamp();
        using var response = await catalog.Client.PostAsync(new Uri("/api/catalog/imports", UriKind.Relative), new LongCsv(rows));
        var text = await response.Content.ReadAsStringAsync();
        output.WriteLine($"{what}: {rows} rows in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s, {memory.Growth >> 20} MiB more at the peak of {memory.Peak >> 20} MiB");
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        Assert.InRange(memory.Growth, 0, MemoryLimit);
        return JsonDocument.Parse(text).RootElement;
    }

    private async Task MeasureExportAsync()
    {
        using var memory = new MemoryWatch();
        var started = Stopwatch.GetTimestamp();
        await using var export = await catalog.Client.GetStreamAsync(new Uri("/api/catalog/exports/products.csv", UriKind.Relative));
        var buffer = new byte[1 << 16];
        long length = 0;
        for (int read; (read = await export.ReadAsync(buffer)) > 0;)
        {
            length += read;
        }

        output.WriteLine($"export: {length >> 10} KiB in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s, {memory.Growth >> 20} MiB more at the peak of {memory.Peak >> 20} MiB");
        Assert.InRange(memory.Growth, 0, MemoryLimit);
    }

    /// <summary>The most memory that the process had since the watch was started, beyond what it had then.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly long _before;
        private readonly Timer _timer;
        private long _peak;

        public MemoryWatch()
        {
            GC.Collect();
            _peak = _before = Environment.WorkingSet;
            _timer = new Timer(_ => _peak = Math.Max(_peak, Environment.WorkingSet), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
        }

        public long Peak => Volatile.Read(ref _peak);

        public long Growth => Volatile.Read(ref _peak) - _before;

        public void Dispose() => _timer.Dispose();
    }

    /// <summary>Makes the file while it is sent: products of three variants and four pictures.</summary>
    private sealed class LongCsv : HttpContent
    {
        private readonly int _rows;

        public LongCsv(int rows)
        {
            _rows = rows;
            Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, leaveOpen: true);
            await writer.WriteLineAsync("Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Image Position");
            for (var product = 0; product < _rows / RowsPerProduct; product++)
            {
                var body = string.Concat(Enumerable.Repeat($"<p>Paragraph about product {product}.</p>", 8));
                await writer.WriteLineAsync($"bulk-{product},Product {product},{body},Vendor {product % 50},Type {product % 20},\"a, b, t{product % 100}\",true,Size,S,BULK-{product}-S,shopify,{product % 9},{product % 100}.99,https://cdn.example/{product}-1.jpg,1");
                await writer.WriteLineAsync($"bulk-{product},,,,,,,,M,BULK-{product}-M,shopify,3,{product % 100}.99,https://cdn.example/{product}-2.jpg,2");
                await writer.WriteLineAsync($"bulk-{product},,,,,,,,L,BULK-{product}-L,shopify,0,{product % 100}.99,https://cdn.example/{product}-3.jpg,3");
                await writer.WriteLineAsync($"bulk-{product},,,,,,,,,,,,,https://cdn.example/{product}-4.jpg,4");
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class MemoryTests;
}
