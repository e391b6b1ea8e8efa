using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class PlanTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private readonly ModuleHost _host = notes.Host;

    [Fact]
    public async Task A_module_finds_a_document_by_its_index_even_while_PostgreSQL_knows_of_few()
    {
        await _host.SendAsync(new WriteNote("one of few"));
        await using (var admin = NpgsqlDataSource.Create(_host.ConnectionString))
        {
            await using var analyze = admin.CreateCommand("analyze notes.mt_doc_note");
            await analyze.ExecuteNonQueryAsync();
            Assert.Contains("Seq Scan", await PlanAsync(admin), StringComparison.Ordinal);
        }

        // The database of a test is a copy, which has no settings of roles before it is brought up to date; connections take them over when they are opened.
        await _host.MigrateAsync();
        await using var other = await _host.StartAnotherAsync();
        var module = other.Services.GetRequiredService<ModuleCatalog>().Modules.Single(static module => module.Name == "notes");

        Assert.Contains("Index Scan", await PlanAsync(other.Services.GetRequiredService<ModuleDataSources>().For(module)), StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("explain select data from notes.mt_doc_note where id = 'c6e1d1f0-0000-7000-8000-000000000000'");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
