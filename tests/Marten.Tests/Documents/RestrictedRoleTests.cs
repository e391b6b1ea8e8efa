using Marten;
using Marten.Exceptions;
using ModularMonolith.Postgres.Testing;
using Npgsql;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

/// <summary>A module's role owns its schema and has no other right: it can neither make schemas nor temporary tables.</summary>
public sealed class RestrictedRoleTests
{
    [Fact]
    public async Task A_role_that_owns_its_schema_and_nothing_else_is_enough()
    {
        var server = await TestServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        var role = "owner_of_" + database.Name;
        await using (var administration = NpgsqlDataSource.Create(database.ConnectionString))
        await using (var prepare = administration.CreateCommand(
            $"""
             revoke all on database {database.Name} from public;
             create role {role} login password 'owner';
             grant connect on database {database.Name} to {role};
             create schema owned authorization {role}
             """))
        {
            await prepare.ExecuteNonQueryAsync();
        }

        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "owner" }.ConnectionString;
        for (var start = 0; start < 2; start++)
        {
            await using var store = DocumentStore.For(o => Configure(o, connection));
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await using var session = store.LightweightSession();
            session.Store(new User { Name = "x" });
            session.Store(new Ticket());
            await session.SaveChangesAsync();
            await store.BulkInsertAsync([new User()]);
            await store.BulkInsertAsync([new Ticket { Id = 1, Subject = "again" }], BulkInsertMode.OverwriteExisting);
            await store.BulkInsertAsync([new Ticket { Id = 1 }], BulkInsertMode.IgnoreDuplicates);
            Assert.Equal("again", (await session.LoadAsync<Ticket>(1))!.Subject);
            Assert.Equal(SchemaPatchDifference.None, (await store.Storage.CreateMigrationAsync()).Difference);
        }

        await using var elsewhere = DocumentStore.For(o =>
        {
            Configure(o, connection);
            o.DatabaseSchemaName = "somewhere_else";
        });
        var refused = await Assert.ThrowsAsync<MartenSchemaException>(() => elsewhere.Storage.ApplyAllConfiguredChangesToDatabaseAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.IsType<PostgresException>(refused.InnerException).SqlState);
    }

    private static void Configure(StoreOptions options, string connection)
    {
        options.Connection(connection);
        options.DatabaseSchemaName = "owned";
        options.CommandTimeout = 30;
        options.Schema.For<Ticket>();

        // PostgreSQL prints this condition in another form, so only a temporary copy of the table could compare it.
        options.Schema.For<User>().Index(x => x.Name, i => i.Predicate = "data ->> 'Name' = 'x' or mt_last_modified is null");
    }
}
