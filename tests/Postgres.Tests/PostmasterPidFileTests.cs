using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Tests;

public sealed class PostmasterPidFileTests
{
    [Fact]
    public void A_running_servers_file_is_read_in_full() =>
        Assert.Equal(
            new PostmasterPidFile(4140, "/data/cluster", 1795227230, 45991, Ready: true),
            PostmasterPidFile.Parse("4140\n/data/cluster\n1795227230\n45991\n\n127.0.0.1\n 11657390         8\nready   \n"));

    [Fact]
    public void A_starting_servers_file_has_no_port_yet() =>
        Assert.Equal(
            new PostmasterPidFile(4140, "/data/cluster", 1795227230, null, Ready: false),
            PostmasterPidFile.Parse("4140\n/data/cluster\n1795227230\n"));

    [Theory]
    [InlineData("")]
    [InlineData("4140")]
    [InlineData("-4140\n/data\n1\n")]
    [InlineData("abc\n/data\n1\n")]
    [InlineData("4140\n/data\nyesterday\n")]
    public void Anything_else_is_not_a_pid_file(string text) => Assert.Null(PostmasterPidFile.Parse(text));
}
