using ModularMonolith.Cli.Modules;

namespace ModularMonolith.Cli.Tests;

/// <summary>What a module can be called, before anything is looked at.</summary>
public sealed class NewModuleTests
{
    [Theory]
    [InlineData("Loyalty", "loyalty")]
    [InlineData("GiftCards", "giftcards")]
    [InlineData("A1", "a1")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz1234", "abcdefghijklmnopqrstuvwxyz1234")]
    public void A_name_begins_with_a_capital_letter(string name, string lower) => Assert.Equal(lower, new NewModule(name, "team-growth", "Rewards.").LowerName);

    [Theory]
    [InlineData("")]
    [InlineData("L")]
    [InlineData("loyalty")]
    [InlineData("1Loyalty")]
    [InlineData("Gift-Cards")]
    [InlineData("Gift.Cards")]
    [InlineData("../Loyalty")]
    [InlineData("Loyalty\n")]
    [InlineData("Übersicht")]
    [InlineData("Abcdefghijklmnopqrstuvwxyz12345")]
    public void What_is_no_such_name_is_refused_with_an_example(string name) => Assert.Contains("Loyalty, GiftCards", Refusal(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("Audit", "a schema or an address of the platform")]
    [InlineData("Integration", "a schema or an address of the platform")]
    [InlineData("Log", "a schema or an address of the platform")]
    [InlineData("Platform", "a schema or an address of the platform")]
    [InlineData("Public", "a schema or an address of the platform")]
    [InlineData("Event", "a word of C#")]
    [InlineData("Order", "a word that SQL reserves")]
    [InlineData("User", "a word that SQL reserves")]
    [InlineData("Aux", "the name of a device")]
    public void A_name_that_means_something_else_is_refused_with_what_it_means(string name, string what) => Assert.Contains(what, Refusal(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("growth")]
    [InlineData("team")]
    [InlineData("team-")]
    [InlineData("Team-Growth")]
    [InlineData("team-growth\"")]
    [InlineData("team--growth")]
    public void An_owner_is_a_team(string owner) =>
        Assert.Contains("team-growth", Assert.Throws<NewModuleException>(() => new NewModule("Loyalty", owner, "Rewards.")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Two\nlines.")]
    public void A_purpose_is_one_line(string purpose) => Assert.Contains("one line", Assert.Throws<NewModuleException>(() => new NewModule("Loyalty", "team-growth", purpose)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_purpose_is_short() => Assert.Throws<NewModuleException>(() => new NewModule("Loyalty", "team-growth", new string('a', 201)));

    [Fact]
    public async Task The_command_ends_with_1_when_it_refuses()
    {
        Assert.Equal(1, await NewModuleCommand.Create().Parse("module loyalty --owner team-growth").InvokeAsync());
        Assert.NotEqual(0, await NewModuleCommand.Create().Parse("module Loyalty").InvokeAsync());
    }

    private static string Refusal(string name) => Assert.Throws<NewModuleException>(() => new NewModule(name, "team-growth", "Rewards.")).Message;
}
