using ModularMonolith.Architecture.Contracts;

namespace ModularMonolith.Contracts.Tests;

/// <summary>A new version of an event, with all that belongs to it, lets its shape change.</summary>
public sealed class VersionTests : IDisposable
{
    private const string Event = "[EventName(\"tea.tea-brewed\")]";
    private const string Raised = "[EventName(\"tea.tea-brewed\", Version = 2)]";
    private const string Upcaster = "\npublic sealed class TeaBrewedBefore : IEventUpcaster<TeaBrewed> { public int FromVersion => 1; public JsonObject Upcast(JsonObject payload) => payload; }";

    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("contracts-");

    public void Dispose() => _repository.Delete(recursive: true);

    [Fact]
    public void A_new_version_with_its_upcaster_and_its_payloads_breaks_nobody()
    {
        Keep("tea.tea-brewed.v1.json", "tea.tea-brewed.v2.json");

        var differences = Changed(Raised, Upcaster);

        Assert.All(differences, static difference => Assert.Equal(ContractImpact.Compatible, difference.Impact));
        Assert.Equal(
            ["event-member-removed", "event-member-retyped", "event-name-changed", "payload-member-removed", "payload-member-retyped", "payload-version-raised", "upcaster-changed"],
            differences.Select(static difference => difference.Kind).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_the_upcaster_the_new_version_cannot_read_what_is_stored()
    {
        Keep("tea.tea-brewed.v1.json", "tea.tea-brewed.v2.json");

        var difference = Assert.Single(Changed(Raised, string.Empty), static difference => difference.Kind == "payload-version-unreadable");

        Assert.Equal(ContractImpact.BreakingForConsumers, difference.Impact);
        Assert.Contains("no upcaster lifts version 1", difference.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_payload_of_the_version_before_nobody_knows_that_it_can_be_read()
    {
        Keep("tea.tea-brewed.v2.json");

        var difference = Assert.Single(Changed(Raised, Upcaster), static difference => difference.Kind == "payload-version-unreadable");

        Assert.Contains("no payload of version 1 is kept", difference.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_event_shares_with_a_request_is_not_excused_by_the_events_version()
    {
        Keep("tea.tea-brewed.v1.json", "tea.tea-brewed.v2.json");
        var before = Sample.Contracts.With("FindPots(string? Owner)", "FindPots(string? Owner, Leaf? Leaf = null)");

        var differences = Sample.Differences(before, Sample.Slice, before.With(Event, Raised).With("decimal Weight", "int Weight") + Upcaster, Sample.Slice, _repository.FullName);

        Assert.Equal("Leaf", Assert.Single(differences, static difference => difference.IsBreaking).Subject);
    }

    [Fact]
    public void Another_key_is_no_question_of_versions()
    {
        Keep("tea.tea-brewed.v1.json", "tea.tea-brewed.v2.json");

        var differences = Sample.Differences(Sample.Contracts.With(Event, Raised).With("=> BrewId.ToString()", "=> Title") + Upcaster, Sample.Slice, _repository.FullName);

        Assert.Equal("payload-key-changed", Assert.Single(differences, static difference => difference.IsBreaking).Kind);
    }

    [Fact]
    public void A_stored_event_may_go_when_the_list_of_retired_events_says_why()
    {
        var folder = _repository.CreateSubdirectory("modules/Tea/Tea.Tests/StoredEvents").FullName;
        File.WriteAllText(Path.Combine(folder, "retired.txt"), "tea_emptied No stream has held one since pots refill themselves.\n");

        var difference = Assert.Single(Sample.Differences(Sample.Contracts, Sample.Slice.With("names.MapEventType<Emptied>(\"tea_emptied\");", string.Empty), _repository.FullName));

        Assert.Equal(("stored-retired", ContractImpact.Compatible), (difference.Kind, difference.Impact));
    }

    private IReadOnlyList<ContractDifference> Changed(string attribute, string upcaster) =>
        Sample.Differences(Sample.Contracts.With(Event, attribute).With("string? Comment, IReadOnlyList", "IReadOnlyList").With("decimal Weight", "int Weight") + upcaster, Sample.Slice, _repository.FullName);

    private void Keep(params string[] payloads)
    {
        var folder = _repository.CreateSubdirectory("modules/Tea/Tea.Contracts/Events").FullName;
        foreach (var payload in payloads)
        {
            File.WriteAllText(Path.Combine(folder, payload), "{}");
        }
    }
}
