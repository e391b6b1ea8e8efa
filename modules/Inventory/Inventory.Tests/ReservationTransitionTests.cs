using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class ReservationTransitionTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private const string None = "[*]";
    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(11);

    // "-" changes nothing: a command is refused, and an event has come before or too late. "ConsumeInVain": the stock was sold meanwhile.
    private static readonly TransitionTable Table = new("""
                     Reserve  Extend  Release   Expire   Consume    ConsumeInVain  ReturnAPart  ReturnAll
        [*]          Active   -       -         -        Committed  Unavailable    Returned     Returned
        Active       =        =       Released  Expired  Committed  Unavailable    Returned     Returned
        Committed    =        -       -         -        -          -              =            Returned
        Released     -        -       -         -        Committed  Unavailable    Returned     Returned
        Expired      -        -       -         -        Committed  Unavailable    Returned     Returned
        Unavailable  -        -       -         -        -          -              -            -
        Returned     -        -       -         -        -          -              -            -
        """);

    public static TheoryData<string> Statuses() => [.. Table.Statuses];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public void The_table_has_every_status() => Assert.Equal(Enum.GetNames<ReservationStatus>().Order(), Table.Statuses.Where(static status => status != None).Order());

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram.Of("the states of a reservation", Table).CheckShownOn("docs/modules/inventory.md");

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_reservation_answers_every_command_in_every_status_as_the_table_says(string status)
    {
        foreach (var command in Table.Actions)
        {
            var (id, sku) = (Guid.NewGuid(), await inventory.StockedAsync(2));
            await ReachAsync(id, sku, status);
            Assert.Equal(status, await StatusAsync(id));

            var isTaken = await DoAsync(id, sku, command);

            var next = Table.After(status, command);
            Assert.True(isTaken is null || isTaken == next is not null, $"{command} in {status} answers {isTaken}.");
            Assert.True(await StatusAsync(id) == (next ?? status), $"{command} in {status} leads to {await StatusAsync(id)}.");
        }
    }

    private async Task<string> StatusAsync(Guid id) => (await inventory.ReservationAsync(id))?.Status.ToString() ?? None;

    private async Task ReachAsync(Guid id, string sku, string status)
    {
        if (status == None)
        {
            return;
        }

        await DoAsync(id, sku, "Reserve");
        if (status != "Active")
        {
            await DoAsync(id, sku, status switch { "Committed" => "Consume", "Released" => "Release", "Expired" => "Expire", "Unavailable" => "ConsumeInVain", _ => "ReturnAll" });
        }
    }

    /// <summary>Does something with a reservation.</summary>
    /// <returns>Whether it was taken; null for an event, which is told nothing.</returns>
    private async Task<bool?> DoAsync(Guid id, string sku, string command)
    {
        switch (command)
        {
            case "Reserve":
                return await ReserveAsync(id, sku);
            case "Extend":
                return await inventory.Host.SendAsync(new ExtendReservation(id, inventory.Host.Time.GetUtcNow().AddMinutes(20)));
            case "Release":
                return await inventory.Host.SendAsync(new ReleaseReservation(id));
            case "Expire":
                inventory.Host.Time.Advance(Beyond);
                await inventory.Host.SendAsync(new ExpireReservation(id));
                return null;
            case "Consume":
                await inventory.ConsumeAsync(id, (sku, 2));
                return null;
            case "ConsumeInVain":
                inventory.Host.Time.Advance(Beyond);
                await ReserveAsync(Guid.NewGuid(), sku);
                await inventory.ConsumeAsync(id, (sku, 2));
                return null;
            default:
                await inventory.ReturnAsync(id, (sku, command == "ReturnAPart" ? 1 : 2));
                return null;
        }
    }

    private async Task<bool> ReserveAsync(Guid id, string sku)
    {
        try
        {
            return (await inventory.ReserveAsync(id, (sku, 2))).IsReserved;
        }
        catch (ProblemException ended) when (ended.Type.Name == "reservation-ended")
        {
            return false;
        }
    }
}
