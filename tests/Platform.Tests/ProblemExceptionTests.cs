using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Tests;

public sealed class ProblemExceptionTests
{
    [Theory]
    [InlineData("type")]
    [InlineData("title")]
    [InlineData("status")]
    [InlineData("detail")]
    [InlineData("instance")]
    [InlineData("traceId")]
    public void A_problem_has_no_member_twice(string name) =>
        Assert.Throws<ArgumentException>(() => new ProblemException(ProblemTypes.IllegalState, "The order is shipped.").With(name, "shipped"));

    [Fact]
    public void A_problem_has_more_members_of_its_own() =>
        Assert.Equal("shipped", new ProblemException(ProblemTypes.IllegalState, "The order is shipped.").With("state", "shipped").Extensions["state"]);
}
