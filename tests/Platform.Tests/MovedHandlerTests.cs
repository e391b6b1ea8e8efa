using System.Reflection;
using System.Reflection.Emit;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

/// <summary>What a handler of these tests handles; it is public because their classes are made while the test runs.</summary>
[EventName("notes.moved-about")]
public sealed record MovedAbout : IIntegrationEvent
{
    string IIntegrationEvent.Key => "moved";
}

public sealed class MovedHandlerTests(NotesHost notes) : IClassFixture<NotesHost>, IAsyncLifetime
{
    private readonly NpgsqlDataSource _source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(notes.Host.ConnectionString) { SearchPath = "notes" }.ConnectionString).Build();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _source.DisposeAsync().AsTask();

    [Fact]
    public async Task A_handler_that_is_renamed_or_moved_to_another_namespace_or_assembly_keeps_its_cursor()
    {
        var before = Assert.Single(Subscription.In(Module("Shop.Before", "WhenMovedAbout")));
        var cursors = new SubscriptionCursors(before, _source);
        await cursors.CreateAsync(5, CancellationToken.None);
        await cursors.MoveAsync((await cursors.ReadAsync(CancellationToken.None))[0], 7, CancellationToken.None);

        var after = Assert.Single(Subscription.In(Module("Shop.After.Elsewhere", "ReactsToMoves")));

        Assert.NotEqual(before.Handler.Assembly, after.Handler.Assembly);
        Assert.Equal(before.FullName, after.FullName);
        Assert.Equal([7, 5, 5, 5], (await new SubscriptionCursors(after, _source).ReadAsync(CancellationToken.None)).Select(static lane => lane.Position));
    }

    [Fact]
    public async Task A_failed_event_whose_name_its_handler_does_not_know_any_more_is_parked_and_other_events_go_on()
    {
        await using var insert = _source.CreateCommand("""
            insert into log_dead_letter (subscription, position, message_id, name, key, payload, state, attempts, error)
            values ('record-probe', 0, gen_random_uuid(), 'notes.probe-forgotten', 'forgotten', '{}', 'retrying', 1, '')
            """);
        await insert.ExecuteNonQueryAsync();
        await notes.Host.PublishAsync(new ProbeSent("beside the forgotten", 1));

        var error = await Eventually.Async(
            () => ScalarAsync("select error from log_dead_letter where key = 'forgotten' and state = 'parked'"), static found => found is not null);
        Assert.Contains("does not know the event 'notes.probe-forgotten'", (string)error!, StringComparison.Ordinal);
        await Eventually.Async(() => ScalarAsync("select count(*) from probe_effect where subscription = 'record-probe' and key = 'beside the forgotten'"), static count => count is 1L);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static ModuleDescriptor Module(string space, string handler)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(space), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule(space)
            .DefineType($"{space}.{handler}", TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.Sealed, typeof(object), [typeof(IHandle<MovedAbout>)]);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(SubscriptionAttribute).GetConstructor([typeof(string)])!, ["follow-moves"]));
        var handle = typeof(IHandle<MovedAbout>).GetMethod("HandleAsync")!;
        var code = type.DefineMethod(
            handle.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final, handle.ReturnType, [.. handle.GetParameters().Select(static parameter => parameter.ParameterType)]).GetILGenerator();
        code.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        code.Emit(OpCodes.Ret);
        return new ModuleDescriptor(type.CreateType(), new ModuleAttribute("notes") { Owner = "platform", Purpose = "A module that is moved." });
    }
}
