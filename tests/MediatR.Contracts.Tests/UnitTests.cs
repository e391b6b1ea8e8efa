using MediatR;

namespace ModularMonolith.MediatR.Contracts.Tests;

public sealed class UnitTests
{
    [Fact]
    public void Every_unit_equals_every_other()
    {
        Assert.Equal(Unit.Value, default);
        Assert.True(Unit.Value == default);
        Assert.False(Unit.Value != default);
        Assert.True(Unit.Value.Equals((object)default(Unit)));
        Assert.False(Unit.Value.Equals("()"));
        Assert.Equal(Unit.Value.GetHashCode(), default(Unit).GetHashCode());
    }

    [Fact]
    public void Units_have_no_order()
    {
        Assert.Equal(0, Unit.Value.CompareTo(default));
        Assert.Equal(0, ((IComparable)Unit.Value).CompareTo("anything"));
    }

    [Fact]
    public async Task The_shared_task_is_complete_and_carries_the_unit()
    {
        Assert.True(Unit.Task.IsCompletedSuccessfully);
        Assert.Equal(Unit.Value, await Unit.Task);
    }

    [Fact]
    public void A_unit_is_written_as_an_empty_tuple() => Assert.Equal("()", Unit.Value.ToString());
}
