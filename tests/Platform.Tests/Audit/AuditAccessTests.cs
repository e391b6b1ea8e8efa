using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests.Audit;

/// <summary>Who may do what with the audit log, as the database and the host see it.</summary>
public sealed class AuditAccessTests(NotesHost notes) : IClassFixture<NotesHost>
{
    [Theory]
    [InlineData("select id from audit.pending")]
    [InlineData("select * from audit.entry")]
    [InlineData("select * from audit.resource")]
    [InlineData("select * from audit.chain")]
    [InlineData("update audit.pending set entry = '{}'")]
    [InlineData("delete from audit.pending")]
    [InlineData("truncate audit.pending")]
    [InlineData("delete from audit.entry")]
    [InlineData("insert into audit.entry (position) values (1)")]
    [InlineData("insert into audit.pending (id, entry, writer) values (gen_random_uuid(), '{}', 'somebody else')")]
    [InlineData("insert into audit.pending (id, entry, recorded_at) values (gen_random_uuid(), '{}', now())")]
    [InlineData("select audit.seal(1)")]
    [InlineData("select audit.retain()")]
    [InlineData("alter table audit.pending disable trigger all")]
    public async Task A_module_can_append_and_nothing_else(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            notes.Host.Services.GetRequiredService<DatabaseAddress>().ConnectionStringOf(notes.Host.Services.GetRequiredService<Modules.ModuleCatalog>().Modules[0]));
        await using var command = source.CreateCommand(sql);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    [Theory]
    [InlineData("insert into audit.pending (id, entry) values (gen_random_uuid(), '{}')")]
    [InlineData("select entry from audit.pending")]
    [InlineData("delete from audit.pending")]
    [InlineData("update audit.entry set subject = ''")]
    [InlineData("delete from audit.entry")]
    [InlineData("update audit.chain set keep_days = 1")]
    [InlineData("delete from audit.resource")]
    [InlineData("select * from notes.mt_doc_note")]
    [InlineData("select * from integration.message")]
    public async Task The_login_that_seals_and_searches_can_change_nothing_and_sees_no_data(string sql)
    {
        await using var source = NpgsqlDataSource.Create(notes.Host.Services.GetRequiredService<DatabaseAddress>().AuditConnectionString);
        await using var command = source.CreateCommand(sql);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("entries/019b7c1a-2d88-7000-8000-00000000000b")]
    [InlineData("head")]
    [InlineData("verification")]
    public async Task Only_who_may_read_the_audit_log_reads_it(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/audit/" + path) { Headers = { Authorization = TestCredentials.Of("ann", "log:read", "log:manage", "notes:read") } };
        using var refused = await notes.Host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
