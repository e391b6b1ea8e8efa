using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Catalog.Tests.Imports;

public sealed class ImportTests(ImportHost catalog) : IClassFixture<ImportHost>
{
    [Fact]
    public async Task The_sample_shop_is_imported_and_importing_it_again_changes_nothing()
    {
        var apparel = await catalog.ImportAsync(SampleFile.Apparel);
        var jewelery = await catalog.ImportAsync(SampleFile.Jewelery);
        var declared = await StockAsync();
        var bracelet = (await catalog.FindAsync("chain-bracelet"))!;

        Assert.Equal(20, Count(apparel, "created"));
        Assert.Equal(20, Count(jewelery, "created"));
        Assert.Equal(22, apparel.GetProperty("variants").GetInt32());
        Assert.Equal(["Blue", "Black"], bracelet.Variants.Select(variant => variant.OptionValues[0]));
        Assert.Equal((4_299, 4_499), (bracelet.Variants[0].Price.Amount, bracelet.Variants[0].CompareAtPrice!.Value.Amount));
        Assert.Equal(1, declared[bracelet.Variants[0].Sku]);
        Assert.Equal(0, declared[bracelet.Variants[1].Sku]);
        Assert.StartsWith("CHAIN-BRACELET-BLUE-", bracelet.Variants[0].Sku, StringComparison.Ordinal);

        var again = await catalog.ImportAsync(SampleFile.Jewelery);

        Assert.Equal((0, 0, 20), (Count(again, "created"), Count(again, "updated"), Count(again, "unchanged")));
        var same = (await catalog.FindAsync("chain-bracelet"))!;
        Assert.Equal((bracelet.Version, bracelet.UpdatedAt, bracelet.Variants[0].Id), (same.Version, same.UpdatedAt, same.Variants[0].Id));
        Assert.Equal(declared.Count, (await StockAsync()).Count);
    }

    [Fact]
    public async Task The_report_can_be_read_again()
    {
        using var response = await catalog.SendAsync(SampleFile.Of("report,Report,Title,Default Title,,1,"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var report = await response.Content.ReadAsStringAsync();
        Assert.Equal(report, await catalog.Client.GetStringAsync(response.Headers.Location));
        Assert.Equal(HttpStatusCode.NotFound, (await catalog.Client.GetAsync(new Uri($"/api/catalog/imports/{Guid.NewGuid()}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_does_nothing()
    {
        await catalog.ImportAsync(SampleFile.Of("dry-1,Dry,Title,Default Title,,1,"));

        var report = await catalog.ImportAsync(SampleFile.Of("dry-1,Dryer,Title,Default Title,,1,", "dry-2,New,Title,Default Title,,1,"), dryRun: true);

        Assert.True(report.GetProperty("dryRun").GetBoolean());
        Assert.Equal((1, 1, 0), (Count(report, "created"), Count(report, "updated"), Count(report, "unchanged")));
        Assert.Equal("Dry", (await catalog.FindAsync("dry-1"))!.Title);
        Assert.Null(await catalog.FindAsync("dry-2"));
        Assert.Equal(report.ToString(), (await catalog.Client.GetFromJsonAsync<JsonElement>($"/api/catalog/imports/{report.GetProperty("id").GetString()}")).ToString());
    }

    [Fact]
    public async Task One_wrong_row_keeps_everything_out_and_every_wrong_row_is_named()
    {
        var rows = Enumerable.Range(1, 600).Select(number => $"wrong-{number},Wrong,Title,Default Title,,{(number % 100 == 0 ? "-1" : "1")},");

        var problem = await catalog.RefuseAsync(SampleFile.Of([.. rows]), 422);

        Assert.Equal("/problems/import-refused", problem.GetProperty("type").GetString());
        Assert.Equal(6, problem.GetProperty("errorCount").GetInt32());
        Assert.Equal(101, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Equal("Variant Price", problem.GetProperty("errors")[0].GetProperty("column").GetString());
        Assert.Null(await catalog.FindAsync("wrong-1"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_with_the_line()
    {
        var junk = new byte[1 << 20];
        new Random(3).NextBytes(junk);

        Assert.Contains("UTF-8", (await catalog.RefuseAsync(junk, 422)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await catalog.RefuseAsync([.. Encoding.UTF8.GetBytes(SampleFile.Header + "\n"), 0xE9, 0x0A], 422)).GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Theory]
    [InlineData(null, "text/csv")]
    [InlineData("application/json", "Content-Type")]
    [InlineData("application/x-www-form-urlencoded", "Content-Type")]
    [InlineData("text/csv; charset=iso-8859-1", "UTF-8")]
    public async Task Another_media_type_is_refused(string? type, string mentions)
    {
        using var content = new ByteArrayContent(SampleFile.Of("type,Type,Title,Default Title,,1,"));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        using var response = await catalog.Client.PostAsync(new Uri("/api/catalog/imports", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains(mentions, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_a_form_is_imported()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("a field before"), "note");
        form.Add(new ByteArrayContent(SampleFile.Of("form,Form,Title,Default Title,,1,")), "file", "products.csv");

        using var response = await catalog.Client.PostAsync(new Uri("/api/catalog/imports", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.NotNull(await catalog.FindAsync("form"));
    }

    [Fact]
    public async Task A_form_without_a_file_and_a_broken_form_are_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("text"), "note" } };
        using var broken = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\na,b"u8.ToArray())
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") },
        };

        Assert.Equal(HttpStatusCode.BadRequest, (await catalog.Client.PostAsync(new Uri("/api/catalog/imports", UriKind.Relative), form)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await catalog.Client.PostAsync(new Uri("/api/catalog/imports", UriKind.Relative), broken)).StatusCode);
    }

    [Fact]
    public async Task A_sku_of_another_product_is_refused_with_its_line()
    {
        await catalog.ImportAsync(SampleFile.Of("owner,Owner,Title,Default Title,TAKEN-1,1,"));

        var problem = await catalog.RefuseAsync(SampleFile.Of("fine,Fine,Title,Default Title,,1,", "thief,Thief,Title,Default Title,TAKEN-1,1,"), 422);

        var error = Assert.Single(problem.GetProperty("errors").EnumerateArray());
        Assert.Equal((3, "Variant SKU"), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetString()));
        Assert.Contains("'owner'", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Null(await catalog.FindAsync("fine"));
    }

    [Fact]
    public async Task Variants_keep_their_ids_when_values_skus_and_order_change()
    {
        await catalog.ImportAsync(SampleFile.Of("keep,Keep,Size,S,KEEP-S,1,", "keep,,,M,,1,", "keep,,,L,KEEP-L,1,"));
        var before = (await catalog.FindAsync("keep"))!;

        // L is renamed, S and M exchange their places, M gets no SKU again, XL is new.
        var report = await catalog.ImportAsync(SampleFile.Of("keep,Keep,Size,M,,1,", "keep,,,S,KEEP-S,2,", "keep,,,Large,KEEP-L,1,", "keep,,,XL,,1,"));

        var after = (await catalog.FindAsync("keep"))!;
        Assert.Equal(1, Count(report, "updated"));
        Assert.Equal([before.Variants[1].Id, before.Variants[0].Id, before.Variants[2].Id], after.Variants.Take(3).Select(variant => variant.Id));
        Assert.Equal(before.Variants[1].Sku, after.Variants[0].Sku);
        Assert.Equal((before.Id, before.Version + 1, before.CreatedAt), (after.Id, after.Version, after.CreatedAt));
    }

    [Fact]
    public async Task Skus_may_move_between_products_of_one_file()
    {
        await catalog.ImportAsync(SampleFile.Of("swap-a,A,Title,Default Title,SWAP-1,1,", "swap-b,B,Title,Default Title,SWAP-2,1,"));

        await catalog.ImportAsync(SampleFile.Of("swap-a,A,Title,Default Title,SWAP-2,1,", "swap-b,B,Title,Default Title,SWAP-1,1,"));

        Assert.Equal("SWAP-2", (await catalog.FindAsync("swap-a"))!.Variants[0].Sku);
    }

    [Fact]
    public async Task A_column_that_the_file_lacks_leaves_what_is_there()
    {
        await catalog.ImportAsync(SampleFile.With(
            "Handle,Title,Vendor,Tags,Option1 Name,Option1 Value,Variant Price,Variant Barcode,Status,Cost per item",
            "lack,Lack,Acme,\"a, b\",Size,L,1,4006381333931,draft,0.70"));

        await catalog.ImportAsync(SampleFile.With("Handle,Title,Option1 Name,Option1 Value,Variant Price", "lack,New,Size,L,1"));

        var product = (await catalog.FindAsync("lack"))!;
        Assert.Equal(("New", "Acme", ProductStatus.Draft), (product.Title, product.Vendor, product.Status));
        Assert.Equal(("4006381333931", "0.70"), (product.Variants[0].Barcode, product.Variants[0].Attributes[0].Value));
    }

    [Fact]
    public async Task A_second_import_waits_a_moment_and_is_then_told_to_come_back()
    {
        await using var source = NpgsqlDataSource.Create(catalog.Host.ConnectionString);
        await using var other = await source.OpenConnectionAsync();
        await using var turn = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('catalog.imports', 0))", other);
        await turn.ExecuteNonQueryAsync();

        var problem = await catalog.RefuseAsync(SampleFile.Of("second,Second,Title,Default Title,,1,"), 409);

        Assert.Equal("/problems/import-running", problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_leaves_nothing_and_the_next_import_runs()
    {
        var file = LongFile("gone");
        await catalog.ImportAsync(SampleFile.Of("gone-last,Last,Title,Default Title,,1,"));
        await using var hold = await HoldAsync("gone-last");
        using var aborted = new CancellationTokenSource();
        var importing = catalog.SendAsync(file, cancellationToken: aborted.Token);
        await hold.UntilWaitedForAsync();

        await aborted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => importing);
        await hold.ReleaseAsync();

        await Eventually.TrueAsync(async () => (await catalog.SendAsync(SampleFile.Of("gone-after,After,Title,Default Title,,1,"))).IsSuccessStatusCode);
        Assert.Null(await catalog.FindAsync("gone-1"));
    }

    [Fact]
    public async Task A_lost_database_connection_in_the_middle_leaves_nothing()
    {
        await catalog.ImportAsync(SampleFile.Of("lost-last,Last,Title,Default Title,,1,"));
        await using var hold = await HoldAsync("lost-last");
        var importing = catalog.SendAsync(LongFile("lost"));
        var waiting = await hold.UntilWaitedForAsync();

        await hold.ExecuteAsync($"select pg_terminate_backend({waiting})");

        using var response = await importing;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(await catalog.FindAsync("lost-1"));
    }

    [Fact]
    public async Task An_edit_at_the_same_moment_is_waited_for_and_not_overwritten_unseen()
    {
        await catalog.ImportAsync(SampleFile.Of("edit-last,Last,Title,Default Title,,1,"));
        await using var hold = await HoldAsync("edit-last");
        var importing = catalog.SendAsync(LongFile("edit"));
        await hold.UntilWaitedForAsync();
        await hold.ReleaseAsync();

        using var response = await importing;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.NotNull(await catalog.FindAsync("edit-1"));
    }

    private static int Count(JsonElement report, string outcome) => report.GetProperty("products").GetProperty(outcome).GetInt32();

    /// <summary>More than one batch, the last row in a later one.</summary>
    private static byte[] LongFile(string name) => SampleFile.Of(
        [.. Enumerable.Range(1, 600).Select(number => $"{name}-{number},Many,Title,Default Title,,1,"), $"{name}-last,Last again,Title,Default Title,,1,"]);

    private Task<RowLock> HoldAsync(string slug) => RowLock.TakeAsync(catalog.Host.ConnectionString, slug);

    private async Task<Dictionary<string, int>> StockAsync() => (await catalog.Host.PublishedAsync<StockDeclared>())
        .SelectMany(declared => declared.Lines)
        .ToDictionary(line => line.Sku, line => line.Quantity, StringComparer.Ordinal);

    /// <summary>Holds a product's row, so that an import stops there.</summary>
    private sealed class RowLock : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source;
        private readonly NpgsqlConnection _connection;

        private RowLock(NpgsqlDataSource source, NpgsqlConnection connection) => (_source, _connection) = (source, connection);

        public static async Task<RowLock> TakeAsync(string connectionString, string slug)
        {
            var source = NpgsqlDataSource.Create(connectionString);
            var taken = new RowLock(source, await source.OpenConnectionAsync());
            await taken.ExecuteAsync("begin; select 1 from catalog.mt_doc_product where slug = '" + slug + "' for update");
            return taken;
        }

        public async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, _connection);
            await command.ExecuteNonQueryAsync();
        }

        public async Task<int> UntilWaitedForAsync()
        {
            var waiting = 0;
            await Eventually.TrueAsync(async () =>
            {
                await using var command = _source.CreateCommand("select coalesce(min(pid), 0) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))");
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _connection.ProcessID });
                waiting = Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
                return waiting != 0;
            });
            return waiting;
        }

        public Task ReleaseAsync() => ExecuteAsync("commit");

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            await _source.DisposeAsync();
        }
    }
}
