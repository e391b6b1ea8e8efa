namespace ModularMonolith.Marten.Tests.Linq;

internal enum Grade
{
    None,
    Low,
    Middle,
    High,
}

internal sealed class Place
{
    public string? City { get; set; }

    public string Country { get; set; } = "";

    public int Floor { get; set; }

    public Grade Grade { get; set; }
}

internal sealed class Part
{
    public string Code { get; set; } = "";

    public int Amount { get; set; }

    public decimal Price { get; set; }

    public bool Spare { get; set; }

    public DateTimeOffset? Due { get; set; }

    public Grade Grade { get; set; }

    public List<string> Marks { get; set; } = [];
}

internal sealed class Sample
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string? Note { get; set; }

    public int Number { get; set; }

    public int? Maybe { get; set; }

    public long Large { get; set; }

    public decimal Price { get; set; }

    public decimal? Discount { get; set; }

    public double Ratio { get; set; }

    public bool Flag { get; set; }

    public bool? Agreed { get; set; }

    public Grade Grade { get; set; }

    public Grade? Wish { get; set; }

    public Guid Owner { get; set; }

    public Guid? Agent { get; set; }

    public DateTimeOffset At { get; set; }

    public DateTimeOffset? Until { get; set; }

    public DateTime Local { get; set; }

    public DateOnly Day { get; set; }

    public char Letter { get; set; } = 'a';

    public short Small { get; set; }

    public Place Place { get; set; } = new();

    public Place? Second { get; set; }

    public List<string> Tags { get; set; } = [];

    public int[] Numbers { get; set; } = [];

    public List<Grade> Grades { get; set; } = [];

    public List<Part> Parts { get; set; } = [];

    public Dictionary<string, string> Labels { get; set; } = [];

    public Dictionary<string, int> Counts { get; set; } = [];
}
