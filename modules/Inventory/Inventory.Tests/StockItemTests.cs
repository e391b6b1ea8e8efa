using System.Text.Json;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Random decisions on one item, each compared with the simplest model there is.</summary>
public sealed class StockItemTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whatever_is_decided_the_movements_add_up_and_no_more_is_reserved_than_is_there()
    {
        var refused = 0;
        var movements = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var model = new Model(new Random(seed));
            for (var step = 0; step < 60; step++)
            {
                model.Step();
            }

            refused += model.Refused;
            movements += model.Movements;
        }

        Assert.True(refused > 500 && movements > 5_000, $"{refused} decisions were refused and {movements} movements made: the input does not reach both sides.");
    }

    [Fact]
    public void A_decision_does_not_change_the_item()
    {
        var item = new StockItem { Id = "main/a" }.Apply(new StockReceived(5, null, new StockBalance(5, 0)));

        item.Reserve(Guid.NewGuid(), 2, Start.AddMinutes(1), Start);
        item.Adjust(-3, "broken", Start);

        Assert.Equal((5, 0), (item.OnHand, item.Reserved));
        Assert.Empty(item.Holds);
    }

    [Fact]
    public void An_item_never_holds_more_than_the_limit()
    {
        var item = new StockItem { Id = "main/a" }.Apply(new StockReceived(StockItem.MaximumQuantity, null, new StockBalance(StockItem.MaximumQuantity, 0)));

        Assert.Equal("stock-limit", Assert.Throws<ProblemException>(() => item.Receive(1, null)).Type.Name);
        Assert.Equal("stock-limit", Assert.Throws<ProblemException>(() => item.Return(Guid.NewGuid(), StockItem.MaximumQuantity, null)).Type.Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(HoldsConverter.Many - 1)]
    [InlineData(HoldsConverter.Many)]
    [InlineData(1_000)]
    public void Few_holds_and_many_are_read_as_they_were_written(int count)
    {
        var item = new StockItem { Id = "main/a" }.Apply(new StockReceived(5_000, null, new StockBalance(5_000, 0)));
        for (var index = 0; index < count; index++)
        {
            item = item.Apply(item.Reserve(Guid.NewGuid(), (index % 3) + 1, Start.AddTicks(index * 7L), Start.AddDays(-1))[0]);
        }

        var json = JsonSerializer.Serialize(item, Json);
        var read = JsonSerializer.Deserialize<StockItem>(json, Json)!;

        Assert.Equal(item.Holds.OrderBy(static hold => hold.Key), read.Holds.OrderBy(static hold => hold.Key));
        Assert.Equal(count < HoldsConverter.Many ? JsonValueKind.Object : JsonValueKind.String, JsonDocument.Parse(json).RootElement.GetProperty("holds").ValueKind);
    }

    [Theory]
    [InlineData("main", "A-1")]
    [InlineData("main", "a/b")]
    [InlineData("north-2", "/")]
    [InlineData("main", "Größe 42 / \U0001F9E6")]
    public void The_key_of_an_item_gives_back_its_location_and_sku(string location, string sku)
    {
        var item = new StockItem { Id = StockKey.Of(location, sku) };

        Assert.Equal((location, sku), (item.Location, item.Sku));
    }

    private sealed class Model(Random random)
    {
        private readonly Dictionary<Guid, (int Quantity, DateTimeOffset ExpiresAt)> _holds = [];
        private StockItem _item = new() { Id = "main/sku" };
        private DateTimeOffset _now = Start;
        private int _onHand;

        public int Refused { get; private set; }

        public int Movements { get; private set; }

        public void Step()
        {
            var quantity = random.Next(1, 20);
            var id = _holds.Count > 0 && random.Next(4) > 0 ? _holds.Keys.ElementAt(random.Next(_holds.Count)) : Guid.NewGuid();
            switch (random.Next(10))
            {
                case 0:
                    Decide(() => [_item.Receive(quantity, "r")], true, () => _onHand += quantity);
                    break;
                case 1:
                    Decide(() => _item.Adjust(-quantity, "lost", _now), Available() >= quantity, () => _onHand -= quantity);
                    break;
                case 2:
                    Decide(() => _item.TransferOut(quantity, "north", null, _now), Available() >= quantity, () => _onHand -= quantity);
                    break;
                case 3 or 4 or 5:
                    id = Guid.NewGuid();
                    var expiresAt = _now.AddMinutes(random.Next(1, 10));
                    Decide(() => _item.Reserve(id, quantity, expiresAt, _now), Available() >= quantity, () => _holds[id] = (quantity, expiresAt));
                    break;
                case 6:
                    Decide(() => [_item.Commit(id, "order")], _item.Holds.ContainsKey(id), () => _onHand -= _holds[id].Quantity, () => _holds.Remove(id));
                    break;
                case 7:
                    Decide(() => [_item.Release(id)], _item.Holds.ContainsKey(id), () => _holds.Remove(id));
                    break;
                case 8:
                    Decide(() => [_item.Extend(id, _now.AddMinutes(20))], _item.Holds.ContainsKey(id), () => _holds[id] = (_holds[id].Quantity, _now.AddMinutes(20)));
                    break;
                default:
                    _now = _now.AddMinutes(random.Next(0, 4));
                    break;
            }

            Compare();
        }

        private int Available() => _onHand - _holds.Values.Where(hold => hold.ExpiresAt > _now).Sum(hold => hold.Quantity);

        private void Decide(Func<IReadOnlyList<IStockMovement>> decide, bool isAllowed, params Action[] effects)
        {
            try
            {
                foreach (var movement in decide())
                {
                    _item = _item.Apply(movement);
                    Assert.Equal(movement.Balance, new StockBalance(_item.OnHand, _item.Reserved));
                    Movements++;
                    if (movement is ReservationExpired expired)
                    {
                        Assert.True(_holds.Remove(expired.ReservationId, out var hold) && hold.ExpiresAt <= _now);
                    }
                }

                Assert.True(isAllowed);
                Array.ForEach(effects, effect => effect());
            }
            catch (Exception refusal) when (refusal is ProblemException or InvalidOperationException)
            {
                Assert.False(isAllowed, refusal.Message);
                Refused++;
            }
        }

        private void Compare()
        {
            Assert.Equal(_onHand, _item.OnHand);
            Assert.InRange(_item.Reserved, 0, _item.OnHand);
            Assert.Equal(_holds.Values.Sum(hold => hold.Quantity), _item.Reserved);
            Assert.Equal(_holds.Keys.Order(), _item.Holds.Keys.Order());
            Assert.Equal(Available(), _item.AvailableAt(_now));
        }
    }
}
