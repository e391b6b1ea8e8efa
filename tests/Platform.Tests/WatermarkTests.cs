using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Tests;

public sealed class WatermarkTests
{
    private readonly LogWatermark _watermark = new(new LogSignal(), TimeProvider.System);

    [Fact]
    public void A_complete_run_of_positions_is_settled_at_once()
    {
        _watermark.Settle([1, 2, 3], oldestRunning: 10);

        Assert.Equal(3, _watermark.Settled);
    }

    [Fact]
    public void A_gap_holds_everything_behind_it_while_its_writer_may_still_commit()
    {
        _watermark.Settle([1, 3, 4], oldestRunning: 10);
        _watermark.Bound(20);
        Assert.Equal(1, _watermark.Settled);

        _watermark.Settle([3, 4], oldestRunning: 19);
        Assert.Equal(1, _watermark.Settled);
    }

    [Fact]
    public void A_gap_that_is_filled_late_is_delivered_in_its_place()
    {
        _watermark.Settle([1, 3], oldestRunning: 10);
        _watermark.Bound(20);
        _watermark.Settle([2, 3], oldestRunning: 15);

        Assert.Equal(3, _watermark.Settled);
    }

    [Fact]
    public void A_gap_whose_writers_have_all_ended_is_passed()
    {
        _watermark.Settle([1, 3], oldestRunning: 10);
        _watermark.Bound(20);
        _watermark.Settle([3], oldestRunning: 20);

        Assert.Equal(3, _watermark.Settled);
    }

    [Fact]
    public void A_gap_is_never_passed_before_its_bound_is_known()
    {
        _watermark.Settle([3], oldestRunning: 10);
        _watermark.Settle([3], oldestRunning: 1_000);

        Assert.Equal(0, _watermark.Settled);
    }

    [Fact]
    public void A_second_gap_is_waited_out_on_its_own()
    {
        _watermark.Settle([1, 3], oldestRunning: 10);
        _watermark.Bound(20);
        _watermark.Settle([3, 6], oldestRunning: 20);
        _watermark.Bound(30);
        Assert.Equal(3, _watermark.Settled);

        _watermark.Settle([6], oldestRunning: 29);
        Assert.Equal(3, _watermark.Settled);

        _watermark.Settle([6], oldestRunning: 30);
        Assert.Equal(6, _watermark.Settled);
    }
}
