using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Catalog.Imports;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Catalog.Tests.Imports;

/// <summary>Imports that nobody waits for: <c>Prefer: respond-async</c>.</summary>
public sealed class AcceptedImportTests(ImportHost catalog) : IClassFixture<ImportHost>
{
    [Fact]
    public async Task A_file_is_accepted_at_once_and_imported_soon()
    {
        using var answer = await SendAsync(SampleFile.Apparel);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("respond-async", Assert.Single(answer.Headers.GetValues("Preference-Applied")));
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("accepted", (await ReadAsync(answer)).GetProperty("status").GetString());
        var report = await EndedAsync(answer.Headers.Location!);
        Assert.Equal("completed", report.GetProperty("status").GetString());
        Assert.Equal((22, 20), (report.GetProperty("rows").GetInt32(), report.GetProperty("products").GetProperty("created").GetInt32()));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("problem").ValueKind);
        Assert.NotNull(await catalog.FindAsync("chequered-red-shirt"));
        Assert.Equal(0, await PartsAsync(report));
    }

    [Fact]
    public async Task What_is_wrong_in_the_file_stands_in_the_report()
    {
        using var answer = await SendAsync(SampleFile.Of("accepted-wrong,Wrong,Title,Default Title,,minus,"));

        var report = await EndedAsync(answer.Headers.Location!);
        Assert.Equal("refused", report.GetProperty("status").GetString());
        var problem = report.GetProperty("problem");
        Assert.Equal(("/problems/import-refused", 422, 1), (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("errorCount").GetInt32()));
        Assert.Equal(2, problem.GetProperty("errors")[0].GetProperty("line").GetInt32());
        Assert.Null(await catalog.FindAsync("accepted-wrong"));
        Assert.Equal(0, await PartsAsync(report));
    }

    [Fact]
    public async Task What_is_no_csv_is_refused_at_once()
    {
        using var answer = await SendAsync("Handle,\"Title\nx"u8.ToArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Preference-Applied"));
    }

    [Fact]
    public async Task A_dry_run_nobody_waits_for_imports_nothing()
    {
        using var answer = await SendAsync(SampleFile.Of("accepted-dry,Dry,Title,Default Title,,1,"), "?dryRun=true");

        var report = await EndedAsync(answer.Headers.Location!);
        Assert.Equal(("completed", true, 1), (report.GetProperty("status").GetString(), report.GetProperty("dryRun").GetBoolean(), report.GetProperty("products").GetProperty("created").GetInt32()));
        Assert.Null(await catalog.FindAsync("accepted-dry"));
        Assert.Equal(0, await PartsAsync(report));
    }

    [Fact]
    public async Task An_accepted_import_waits_for_the_one_that_is_running()
    {
        var source = catalog.Host.Services.GetRequiredService<CatalogDatabase>().Source;
        await using var connection = await source.OpenConnectionAsync();
        await using var running = await connection.BeginTransactionAsync();
        await ImportTurn.TakeAsync(running, CancellationToken.None);
        var sent = TimeProvider.System.GetUtcNow();
        using var answer = await SendAsync(SampleFile.Of("accepted-later,Later,Title,Default Title,,1,"));
        // It has tried, and set its timer anew.
        await Eventually.TrueAsync(async () => await ScalarAsync("select count(*) from catalog.log_timer where name = 'run-import' and state = 'waiting' and due_at > $1", sent.AddSeconds(2)) == 1);
        Assert.Equal("accepted", (await catalog.Client.GetFromJsonAsync<JsonElement>(answer.Headers.Location)).GetProperty("status").GetString());

        await running.RollbackAsync();

        Assert.Equal("completed", (await EndedAsync(answer.Headers.Location!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_file_of_several_parts_arrives_whole()
    {
        var rows = Enumerable.Range(0, 12_000).Select(static number => $"accepted-many-{number},{new string('x', 120)},Title,Default Title,,1,").ToArray();

        using var answer = await SendAsync(SampleFile.Of(rows));

        var report = await EndedAsync(answer.Headers.Location!);
        Assert.Equal(12_000, report.GetProperty("products").GetProperty("created").GetInt32());
    }

    [Fact]
    public async Task A_second_run_of_the_same_import_changes_nothing()
    {
        using var answer = await SendAsync(SampleFile.Of("accepted-once,Once,Title,Default Title,,1,"));
        var report = await EndedAsync(answer.Headers.Location!);

        await catalog.Host.SendAsync(new RunImport(report.GetProperty("id").GetGuid()));

        Assert.Equal(report.GetRawText(), (await catalog.Client.GetFromJsonAsync<JsonElement>(answer.Headers.Location)).GetRawText());
    }

    [Fact]
    public async Task An_import_whose_file_is_gone_says_so()
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(
            "insert into catalog.mt_doc_importreport (id, data, mt_version, mt_dotnet_type) values ($1, jsonb_build_object('id', $1, 'status', 'accepted', 'dryRun', false, 'rows', 0, 'products', jsonb_build_object('created', 0, 'updated', 0, 'unchanged', 0), 'variants', 0, 'startedAt', now(), 'completedAt', null), gen_random_uuid(), 'x')", id);

        await catalog.Host.SendAsync(new RunImport(id));

        var report = await catalog.Client.GetFromJsonAsync<JsonElement>(new Uri("/api/catalog/imports/" + id, UriKind.Relative));
        Assert.Equal("/problems/import-expired", report.GetProperty("problem").GetProperty("type").GetString());
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] file, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/catalog/imports" + query)
        {
            Content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } },
            Headers = { { "Prefer", "handling=lenient, respond-async;foo=bar" } },
        };
        return await catalog.Client.SendAsync(request);
    }

    private async Task<JsonElement> EndedAsync(Uri location) =>
        await Eventually.Async(() => catalog.Client.GetFromJsonAsync<JsonElement>(location), static report => report.GetProperty("status").GetString() != "accepted", TimeSpan.FromSeconds(60));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

    private Task<long> PartsAsync(JsonElement report) => ScalarAsync("select count(*) from catalog.import_part where import_id = $1", report.GetProperty("id").GetGuid());

    private async Task<long> ScalarAsync(string sql, object value)
    {
        await using var source = NpgsqlDataSource.Create(catalog.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(value);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, object value)
    {
        await using var source = NpgsqlDataSource.Create(catalog.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }
}
