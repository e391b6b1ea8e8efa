using JasperFx.Events;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;

namespace ModularMonolith.Platform.Tests;

/// <summary>Stored events say what they belong to, what caused them and on whose behalf they were written, also where one transaction does the work of several.</summary>
public sealed class OriginTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private static readonly EventHeaders Ann = new() { Actor = "ann", CorrelationId = "request of ann", CausationId = "message of ann" };
    private static readonly EventHeaders Ben = new() { Actor = "ben", CorrelationId = "request of ben" };
    private readonly ModuleHost _host = notes.Host;

    [Fact]
    public async Task A_stored_event_belongs_to_the_message_that_is_handled()
    {
        var (diary, message) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var scope = _host.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<MessageScope>().Enter(message, Ann);
            await scope.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(new WriteDiary(diary, true, 1));
        }

        Assert.All(await StoredAsync(diary), item => Assert.Equal((Ann.CorrelationId, message.ToString(), Ann.Actor), Origin(item)));
    }

    [Fact]
    public async Task Of_one_transaction_for_several_each_event_belongs_to_its_own_and_the_rest_to_what_they_have_in_common()
    {
        var (mine, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var scope = _host.Services.CreateAsyncScope())
        {
            var session = scope.ServiceProvider.GetRequiredService<IModuleSession<INotesStore>>();
            session.Continue("a test", [Ann, Ben with { CorrelationId = Ann.CorrelationId }]);
            using (session.OnBehalfOf(Ann))
            {
                session.Events.StartStream(mine, new DiaryBegun("ann"));
            }

            using (session.OnBehalfOf(EventHeaders.None))
            {
                session.Events.Append(mine, new PageWritten("nobody"));
            }

            using (session.OnBehalfOf(Ben))
            {
                session.Events.Append(mine, new PageWritten("ben"));
                session.Events.StartStream(other, new DiaryBegun("ben"));
            }

            session.Events.Append(mine, new PageWritten("all"));
            using (session.OnBehalfOf(Ann))
            {
                session.Events.Append(other, new PageWritten("ann"));
            }

            session.Events.Append(other, new PageWritten("all"));
            await ((IUnitOfWork)session).SaveAsync("Test", null, CancellationToken.None);
        }

        Assert.Equal([(Ann.CorrelationId, Ann.CausationId, Ann.Actor), (null, null, null), (Ben.CorrelationId, null, Ben.Actor), (Ann.CorrelationId, null, null)], (await StoredAsync(mine)).Select(Origin));
        Assert.Equal([(Ben.CorrelationId, null, Ben.Actor), (Ann.CorrelationId, Ann.CausationId, Ann.Actor), (Ann.CorrelationId, null, null)], (await StoredAsync(other)).Select(Origin));
    }

    [Fact]
    public void What_several_have_in_common_is_what_is_the_same_in_all_of_them()
    {
        var common = EventHeaders.Common([Ann with { Tenant = "a", TraceParent = "t" }, Ann with { CausationId = "another", Tenant = "a" }, Ann with { Tenant = "a" }]);

        Assert.Equal(new EventHeaders { Actor = Ann.Actor, CorrelationId = Ann.CorrelationId, Tenant = "a" }, common);
        Assert.Equal(Ann, EventHeaders.Common([Ann]));
        Assert.Equal(EventHeaders.None, EventHeaders.Common([]));
    }

    private static (string? Correlation, string? Causation, string? Actor) Origin(IEvent item) => (item.CorrelationId, item.CausationId, item.UserName);

    private async Task<IReadOnlyList<IEvent>> StoredAsync(Guid stream)
    {
        await using var session = _host.Services.GetRequiredService<INotesStore>().QuerySession();
        return await session.Events.FetchStreamAsync(stream);
    }
}
