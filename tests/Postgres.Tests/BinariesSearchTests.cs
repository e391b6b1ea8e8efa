using ModularMonolith.Postgres.Binaries;

namespace ModularMonolith.Postgres.Tests;

public sealed class BinariesSearchTests
{
    [Fact]
    public void Nothing_installed_gives_no_candidates() => Assert.Empty(BinariesSearch.Candidates(new FakeMachine()));

    [Fact]
    public void PATH_comes_before_the_install_folders_in_its_own_order()
    {
        var machine = new FakeMachine()
            .WithPath("/nowhere:/opt/b/bin::/opt/a/bin/")
            .WithPrograms("/opt/a/bin")
            .WithPrograms("/opt/b/bin")
            .WithPrograms("/usr/lib/postgresql/17/bin");

        Assert.Equal(["/opt/b/bin", "/opt/a/bin", "/usr/lib/postgresql/17/bin"], BinariesSearch.Candidates(machine).Select(folder => folder.TrimEnd('/')));
    }

    [Fact]
    public void Links_on_PATH_are_followed_to_where_the_programs_stand_and_listed_once()
    {
        var machine = new FakeMachine()
            .WithPath("/usr/local/bin")
            .WithLinks("/usr/local/bin", to: "/usr/lib/postgresql/15/bin")
            .WithPrograms("/usr/lib/postgresql/15/bin");

        Assert.Equal(["/usr/lib/postgresql/15/bin"], BinariesSearch.Candidates(machine));
    }

    [Fact]
    public void A_folder_that_lacks_a_program_is_no_candidate()
    {
        var machine = new FakeMachine()
            .WithPath("/usr/bin")
            .WithPrograms("/usr/bin", "postgres", "initdb")
            .WithPrograms("/usr/lib/postgresql/16/bin", "pg_ctl");

        Assert.Empty(BinariesSearch.Candidates(machine));
    }

    [Fact]
    public void On_Debian_the_newest_version_comes_first_by_number_not_by_letter()
    {
        var machine = new FakeMachine();
        foreach (var version in new[] { "9.6", "14", "9.10", "17", "15" })
            machine.WithPrograms($"/usr/lib/postgresql/{version}/bin");

        Assert.Equal(
            ["17", "15", "14", "9.6", "9.10"],
            BinariesSearch.Candidates(machine).Select(folder => folder.Split('/')[4]));
    }

    [Fact]
    public void On_Red_Hat_the_versioned_folders_under_usr_are_searched()
    {
        var machine = new FakeMachine().WithPrograms("/usr/pgsql-15/bin").WithPrograms("/usr/pgsql-16/bin");
        Assert.Equal(["/usr/pgsql-16/bin", "/usr/pgsql-15/bin"], BinariesSearch.Candidates(machine));
    }

    [Fact]
    public void On_a_Mac_both_Homebrew_prefixes_are_searched()
    {
        var machine = new FakeMachine { Kind = MachineKind.MacOS }
            .WithPrograms("/usr/local/opt/postgresql@17/bin")
            .WithPrograms("/opt/homebrew/opt/postgresql@14/bin")
            .WithPrograms("/opt/homebrew/opt/postgresql@16/bin");

        Assert.Equal(
            ["/opt/homebrew/opt/postgresql@16/bin", "/opt/homebrew/opt/postgresql@14/bin", "/usr/local/opt/postgresql@17/bin"],
            BinariesSearch.Candidates(machine));
    }

    [Fact]
    public void On_Windows_the_program_files_are_searched_for_executables()
    {
        var machine = new FakeMachine { Kind = MachineKind.Windows }
            .WithPath(@"C:\Windows;D:\pg\bin")
            .WithPrograms(@"D:\pg\bin")
            .WithPrograms(@"C:\Program Files\PostgreSQL\16\bin")
            .WithPrograms(@"C:\Program Files\PostgreSQL\17\bin");
        machine.Variables["ProgramFiles"] = @"C:\Program Files";

        Assert.Equal(
            [@"D:\pg\bin", @"C:\Program Files\PostgreSQL\17\bin", @"C:\Program Files\PostgreSQL\16\bin"],
            BinariesSearch.Candidates(machine));
        Assert.Equal(@"D:\pg\bin\initdb.exe", BinariesSearch.Program(machine, @"D:\pg\bin", "initdb"));
    }

    [Fact]
    public void The_folders_of_one_operating_system_are_not_searched_on_another()
    {
        var machine = new FakeMachine { Kind = MachineKind.MacOS }.WithPrograms("/usr/lib/postgresql/17/bin");
        Assert.Empty(BinariesSearch.Candidates(machine));
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18.4", 18)]
    [InlineData("postgres (PostgreSQL) 19beta1", 19)]
    [InlineData("postgres (PostgreSQL) devel", null)]
    [InlineData("postgres: command not found", null)]
    [InlineData("", null)]
    public void A_program_tells_its_major_version(string output, int? expected) =>
        Assert.Equal(expected, PostgresBinaries.ParseVersion(output));

    [Fact]
    public void The_real_search_finds_a_real_PostgreSQL_on_this_machine_or_npm_to_fetch_it()
    {
        var machine = new ThisMachine();
        Assert.True(BinariesSearch.Candidates(machine).Count > 0 || NpmBinaries.FindNpm(machine) is not null);
    }
}
