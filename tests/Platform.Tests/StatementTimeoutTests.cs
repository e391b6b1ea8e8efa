using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Pipeline;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class StatementTimeoutTests
{
    [Fact]
    public async Task A_command_waits_for_a_row_that_somebody_has_locked_no_longer_than_is_configured()
    {
        await using var host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly, settings: new Dictionary<string, string?> { ["Database:StatementTimeoutSeconds"] = "1" });
        Assert.Equal(1, Assert.IsType<StoreOptions>(host.Services.GetRequiredService<INotesStore>().Options).CommandTimeout);
        var note = await host.SendAsync(new WriteNote("locked"));
        await using var source = NpgsqlDataSource.Create(host.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("select id from notes.mt_doc_note for update", connection, transaction);
        await locking.ExecuteNonQueryAsync();

        var late = await Assert.ThrowsAnyAsync<Exception>(() => host.SendAsync(new CountUp(note.Id)));

        Assert.True(TransientFault.Find(late), late.ToString());
        await transaction.RollbackAsync();
        await host.SendAsync(new CountUp(note.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(301)]
    public void A_time_out_of_range_is_refused_with_its_range(int seconds)
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => new DatabaseOptions { StatementTimeoutSeconds = seconds }.CommandTimeout);

        Assert.Equal($"Database:StatementTimeoutSeconds is {seconds}; it must be between 1 and 300.", refused.Message);
    }
}
