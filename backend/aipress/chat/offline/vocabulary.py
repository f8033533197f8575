"""The words people use, by what they mean. `*` in a phrase stands for up to four words: "back * up" is "back the shop up".

A single word is known in its inflections too. One word may mean several things; the patterns in intents.py tell them apart.
"""

MEANINGS: dict[str, str] = {
    # what is asked to happen
    "MAKE": """create|make|build|start|launch|generate|provision|bootstrap|register|begin|spin up|spin * up|set up|set * up|setup|
        put together|fire up|stand up|get * started|get started with|get * going|open a|open an|opening a|opening an|open up|open another|whip up|roll out a|
        knock up|knock together|establish|make me|found a""",
    "NEW": "new|another|one more|fresh|a second|a third|additional|brand new|extra",
    "WANT": """want|need|would like|would love|id like|id love|wish|can i have|could i have|can we have|could we have|can i get|could i get|can we get|
        could we get|needs|may i have|give me|give us|get me|i am after|fancy|looking for|require|let us have""",
    "DELETE": """delete|wipe * out|away with|shut * down permanently|shut * down for good|shut down * permanently|shut down * for good|del|get shot of|cancel my site|say goodbye to|kill off|bump off|remove|destroy|erase|wipe|nuke|kill|trash|bin|scrap|drop|dump|discard|ditch|axe|obliterate|eliminate|terminate|
        decommission|dismantle|demolish|annihilate|vaporise|vaporize|zap|rm|get rid of|getting rid of|got rid of|gets rid of|do away with|
        take down|take * down|tear down|tear * down|throw away|throw * away|throw out|throw * out|chuck|chuck out|blow away|
        close down|close * down|close * permanently|close * for good|pull the plug on|wipe out|toss|toss out|take * away|take * offline for good|take * off the internet|take * off the web|move * to the trash|move * to trash|put * in the bin|put * in the trash""",
    "GONE": "gone|go away|has to go|must go|can go|disappear|vanish|cease to exist",
    "SHOW": """can i see|could i see|may i see|show|display|list|view|see|give me|give us|print|fetch|pull up|bring up|tell|provide|present|report|let me see|look at|
        have a look at|look up|read|tail|follow|stream|watch|dump the|check|open the|get|get me|i want to see|enumerate|what are|which""",
    "PLOT": "plot|graph|chart|trend|trends|graphs|curve|draw",
    "FIND": "find|search|grep|look for|looking for|containing|contains|contain|mentioning|mention|mentions|matching|with the text|filter",
    "PURGE": "purge|flush|invalidate|bust|purging",
    "CLEAR": "clear|empty|clean|cleanse|clean out|clear out|clean up|reset|refresh|renew|expire|rebuild|regenerate|drop|dump|nuke|wipe|warm up",
    "STALE": """stale|still get|still gets|still got|not show up|not visible|not appear|not appearing|old prices|old text|old photos|old pictures|old content|old menu|old one|old ones|yesterday s version|do not show|still the old|still old|previous version|forget * cached|outdated|old version|old homepage|old page|old design|old content|not showing|not showing up|not visible|still see|
        still seeing|still shows|still showing|not updating|changes are not|changes not|edits are not|do not see my|does not show my""",
    "RESTORE": """play back|play * back|recuperate|reset * to|restore|recover|roll back|roll * back|rollback|bring back|bring * back|go back to|get * back|put back|put * back to|
        revert * to|rewind|return * to|take * back to|set * back to|reinstate|go back""",
    "UNDO": """undo|back please|be reversed|be undone|ctrl + z|ctrl z|ctrl-z|undoing|un-do|put it back how|put it back as|put it back the way|put things how|put everything how|go back one|reverse your|reverse my|reverse the last|reverse your last|take back my|take back the|take back your|cancel what you|roll back your last|step back|take that back|take it back|undo the delete|undo the deletion|undo that delete|undo that deletion|revert that|revert this|revert it|revert the last|revert what|revert your|reverse that|
        reverse the|reverse it|reverse what|roll that back|put it back|put that back|put everything back|put things back|
        unmake|cancel deleting|cancel removing|abort deleting|abort the|call off|stop the deletion|un do|undo it|go back one step|back out|cancel that|cancel the|undelete|revert""",
    "RENAME": """rename|has a spelling mistake|has a spelling error|is misspelt|is misspelled|is spelt wrong|is spelled wrong|is written wrong|update * name|modify * name|correct * name|fix * name|adjust * name|replace * name|must to call|must call itself|should call itself|ought to read|supposed to read|meant to read|other name|put * name|carry the name|bear the name|have the name|get the name|be listed as|be known by|it to say|it to read|wrong name|was a mistake * called|misnamed|title for|name for|new name is|mv|set * name|set * title|now called|relabel|go by the name|go by|should be spelled|should be spelt|be called|be known as|become|becomes|different name|another name|display name|site name|typo in the name|name * wrong|name * misspelt|misspelled the name|rechristen|retitle|rebrand|change the name|change its name|change the title|change * name|change * title|new name|new title|
        another name|different name|be called|be named|be renamed|call it|should be titled|name should be|title should be|title * should be|name * should be|
        change * called|update the name|update the title|set the title|set the name|change what""",
    "UPDATE": """current wordpress|current core|actualise|actualize|modernise|modernize|wordpress upgrade|wp upgrade|core upgrade|update|upgrade|patch|up to date|latest version|newest version|latest release|newest release|latest wordpress|newest wordpress|
        current version|bring * up to date|most recent version|outstanding updates|pending updates""",
    "UPGRADE": """drop * to|drop down to|take * down to|bring * down to|upgrade|downgrade|bump|scale|scale up|scale down|resize|move|switch|change|put|bigger|smaller|beefier|more power|more resources|other plan|another plan|different plan|other tier|another tier|different tier|other package|another package|different package|change of plan|change of tier|pass|
        step up|step down|go to|shift|migrate|set|bring|make|boost|raise|larger|more powerful""",
    "RESIZE": "drop * to|drop down to|take * down to|bring * down to|upgrade|downgrade|scale|scale up|scale down|resize|bump|more power|more resources|bigger plan|beefier|step down",
    "INSTALL": "install|add|put|apply|enable|activate|set up|set * up|equip|load|include|deploy|want|need|give|get|use|roll out",
    "LOGIN": """login|logon|log in|log me in|log us in|log me into|log into|sign in|sign me in|sign us in|sign into|signin|get into|
        let me in|let me into|take me to|take me into|bring me to|go to|access|open|enter|jump into|jump to|get me into|launch|show me to|
        logging in|loggin|sign on|sign me into|log us into|sign us into|manage""",
    "ENTER": """login|logon|loggin|log in|log me in|log us in|log me into|log us into|log into|sign in|sign me in|sign us in|sign me into|sign us into|
        sign into|let me in|let me into|get me into|signin""",
    "PUSH": """push|publish|deploy|promote|merge|ship|release|go live|go to the real|replace the live|make * live|put * live|let * public|hand over to|swap|put * on the live|copy * to live|copy * to production|over to live|over to the live|bring * live|take * live|move * live|
        set * live|goes live|roll out|ship it|go ahead live|sync""",
    "CONNECT": """connect|find * at|find * under|reach * at|reach * under|found at|found under|attach|link|point|points|hook|hook up|map|add|use|assign|bind|set up|set * up|reachable|reached|be available|
        serve|register|move|associate|attach|put|host|answer|run|run on|live at|accessible|configure|redirect|alias|bought|own|have""",
    "CARRY": """move|migrate|transfer|relocate|carry|shift|bring|take|send|transport|rehome|port over|ship|put|host|run|switch|lift|get * over|get * onto|
        go to|go back|haul|evacuate|pull * back|should live|should run|to live|to run""",
    "A_CLOUD gcp": """google cloud|googlecloud|google s cloud|google's cloud|gcp|cloud run|google cloud platform|to google|onto google|into google|over to google|
        google s servers|google servers|google s machines|the google side""",
    "A_CLOUD local": """this machine|this server|this computer|this box|this host|our machine|our own machine|our server|our own server|my machine|my server|
        my own server|my own machine|my computer|own hardware|our hardware|local machine|local server|local cloud|localhost|off google|off gcp|away from google|
        out of google|back from google|home from google|off google cloud|out of gcp|back from gcp|away from google cloud|back from google cloud|out of google cloud|
        off the google cloud|back home|in house|in-house|on premise|on-premise|on prem|on-prem|to local|back to local""",
    "ANOTHER_CLOUD": """another cloud|other cloud|different cloud|other host|another host|other provider|another provider|different provider|other hosting|
        another machine|different machine""",
    "DETACH": "get * off|pull * off|move * off|throw * off|kick * off|quit|quits|withdraw|strip|unassign|give up|leave out|retire|stop * from|release * from|dissolve|decouple|sever|break the connection|cancel|no longer own|not own|disconnect|detach|unlink|unhook|unmap|unbind|take * off|take off|take away|come off|comes off|stop using|cut * loose|stop serving|drop|dissociate|disassociate|no longer use|not use",
    "CHECKING": """check|verify|pointing|points|point|resolve|resolving|resolves|propagated|propagate|propagation|valid|validate|work|works|
        working|configured|correct|correctly|set up right|ok|okay|ready|live|test|status|connected|right|done|expired|expires|expire|
        reachable|yet|active|secure|why|broken|look up""",
    "RIDDANCE": "not needed|not * needed|no longer needed|not required|no longer required|no longer necessary|not necessary|not used any|no use for|obsolete|served its purpose|no longer need|do not need|no longer want|do not want|finished with|done with|not need|through with|not need * anymore",
    "GETTING": "getting|i get|we get|they get|people get|i keep getting|it says|it shows|i see|users get|visitors get|customers get|keep seeing",
    "OTHERS": "who else|their sites|else hosts|every customer|each customer|every user|everybody else|other clients|all clients|all users|every client|competitor|rival|other companies|other customers|other people|other users|someone else|somebody else|everyone else|other tenants|all customers",
    "KEEP": "keep|leave",
    "CONTINUE": "what about|how about|and what about|and how about|same for|same with|same thing for|same on|the same|likewise for|ditto for",
    # what it is about
    "SITE": """site|own web|new web|website|web site|blog|shop|store|wordpress|webshop|web shop|online store|online shop|web page|webpage|portfolio|
        homepage|web presence|internet page|wp|tenant|wiki|magazine|landing page|iste|wp site""",
    "SITES": """sites|installs|installations|wp installs|wp installations|wordpress installs|wordpress installations|websites|web sites|blogs|shops|stores|wordpresses|tenants|everything i|all i have|what * on my account|what * under my account|what * in my account|what * belongs to me|which ones|list em all|the whole fleet|my fleet|webpages|what is running|what is hosted|do i have running|i have running|do i have here|every tenant|every site|every website|each site|
        what have i got|what do i have|what i have|what am i running|what am i hosting|list all|show all|list everything|show everything|list them all|ls|more than one site|more than one website|more than one blog|more than one shop""",
    "LOG": "who visited|who has visited|who accessed|who came to|log|logs|logfile|logfiles|log file|log files|stderr|logging|log entries|log lines|logbook|syslog|messages",
    "ERROR": "error|errors|exception|exceptions|fatal|fatals|failures|error log|error logs|critical|crit|err",
    "WARNING": "notices|php notice|warning|warnings|warn|warns|deprecated|deprecation|deprecations",
    "CACHE": "cache|caches|cached|caching",
    "BACKUP": "safekeeping|safe keeping|copy for safekeeping|snap|secure a copy|secure * copy|copy of security|copies of security|security copy|security copies|safety copies|safe copies|back up copy|back up copies|backup copy|backup copies|safe copy * aside|copy * aside|current state|present state|freeze|save the state|save * state|save * as it is|store * as it is|saved versions|saved version|saved states|earlier versions|older versions|previous versions|how far back|backup|backups|back up|back * up|backed up|snapshot|snapshots|restore point|restore points|back ups|backing up|restorepoint|save point|save a copy|keep a copy|save copy|safety copy",
    "COPY": "clone|copy|copies|duplicate|replica|replicate|mirror",
    "STAGING": """staging|rehearsal|trying out|try out|try things|touching the real|touching the real one|touching the real site|touching the live|touching the live one|touching the live site|touching the live|stg|stg env|stage site|test clone|throwaway copy|private copy|testing copy|copy to test|copy to try|copy to play|copy to experiment|safe copy to|beta version|staging site|staging copy|staging environment|staging area|stage|test copy|test site|test environment|
        test version|sandbox|dev copy|dev environment|dev version|dev site|development copy|development environment|development version|
        preview environment|preview copy|test instance|playground|preprod|pre production|test bed|trial copy|practice copy|somewhere to try|somewhere safe|place to try|place to test|somewhere to test|safe place""",
    "LIVE": "live|production|prod|live site|real site|real one|real thing|real website|actual site|public|public site|visitors see|customers see|everyone see|everybody see|main site|the world",
    "DOMAIN": "domain|domains|domain name|own domain|custom domain|hostname|subdomain",
    "PAUSE": "shut * down|shut down|take * offline|put * offline|go offline|switch * off|turn * off|maintenance mode|take offline|pause|suspend",
    "DNS": "dns|certificate|certificates|ssl|tls|https|cname|nameserver|nameservers|cert|a record|padlock|pointing|propagated|propagation|resolve|resolving|resolves",
    "TIER": "other plan|another plan|different plan|other tier|another tier|different tier|other package|another package|different package|change of plan|change of tier|tier|plan|package|tiers|plans|size",
    "WORDPRESS": "wordpress|wp|core|plugins|plugin|themes|theme|php version",
    "CORE": "wordpress|wp|core",
    "BUNDLE": "bundle|bundles",
    "ADMIN": """admin|wp-admin|wpadmin|wp admin|dashboard|backend|back end|back-end|back office|control panel|administration|
        admin area|admin panel|admin page|admin interface|admin screen|wp-login|cms|editor""",
    "COST": """cost|facture|factures|debit|debited|deducted|wallet|out of my pocket|out of our pocket|total for|total of|total spend|sum of|on my tab|in money|eat up|eats up|sum for|the sum|the damage|set me back|set us back|come to in|came to in|amount due|open amount|outstanding amount|what did * run me|money goes|goes into|going out on|costs|costing|bill|bills|billing|billed|invoice|invoices|price|pricing|spend|spending|spent|charge|charged|charges|
        pay|paying|paid|owe|expensive|expense|expenses|fee|fees|payment|payments|pricey|outgoings|how much money|budget|expenditure|due|bucks|balance""",
    "SAVE": """save|optimisation|optimization|optimising|optimizing|suggest to lower|less of a|drain on|what can i do about|what can we do about|do about it|killing me|recommend|money-saving|cost-saving|saving|economical|tight|trim|bring the|bring it down|bring that down|less for|pay less|spend less|cost less|saving|savings|reduce|cut|lower|cheaper|economise|economize|economies|less|cheaply|tips|overpaying|overpay|too much|
        too expensive|too pricey|bring * down|get * down|optimise|optimize|trim|advice|advise|waste|wasting|cheapest way|shrink|cost advice|
        recommendations|suggestions|cut back|cut down|slash|decrease""",
    "MONEY": "savings|pay less|spend less|cost less|costs less|drain on|to lower it|money-saving|cost-saving|saving ideas|saving tips|cost advice|save on|save with|money|cost|costs|bill|bills|billing|spend|spending|price|expenses|pay|paying|budget|cheaper|overpaying|overpay|economise|economize|expensive|fees|cheaply|too expensive|too pricey",
    # how it is
    "WHY": """why|diag|look at what|find the cause|how come|cause|causes|causing|reason|reasons|what happened|what has happened|what went wrong|what is wrong|what is going on|
        what is up with|what is the matter|what is the problem|investigate|diagnose|diagnosis|diagnostics|troubleshoot|look into|figure out|
        debug|find out|get to the bottom|root cause|analyse|analyze|inspect|examine|fix|sort out|have a look|take a look|explain|what does it mean|
        what is happening|what broke|whats wrong|what gives|repair|solve|help with""",
    "ASK_WHY": """diag|diagnose|diagnosis|diagnostics|troubleshoot|what is wrong|what went wrong|root cause|get to the bottom|look into|
        what is the matter|what broke|whats wrong|investigate|debug|what is the problem|health check|checkup|check up""",
    "SLOW": """slow|takes for ever|take for ever|taking for ever|an eternity|timeout|timeouts|takes half|takes minutes|takes a minute|takes several|ages to|forever to|to appear|too long to|so long to|slower|slowly|slowness|sluggish|laggy|lag|lags|lagging|takes forever|take forever|taking forever|takes ages|take ages|taking ages|
        crawl|crawling|unresponsive|hangs|hanging|takes so long|taking so long|takes too long|takes long|timing out|times out|time out|snail|dragging""",
    "BROKEN": """broken|fallen|fell down|falls down|fall down|see error|see errors|sees error|get error|gets error|have error|has error|gives error|give error|shows error|show error page|not go good|not function|not functioning|see an error|sees an error|just an error|behaving strangely|behaves strangely|behave strangely|not come up|nothing loads|nothing works|nothing happens|white page|empty page|internal server error|server error|bad gateway|error page|not open anymore|nobody can open|no one can open|up the creek|on the blink|is the matter|the matter with|conked out|gone wrong|given up|broke|crash|crashes|crashed|crashing|went down|goes down|going down|gone down|keeps going|wrong|problem|problems|issue|issues|
        trouble|fails|failing|failed|not work|not working|not load|not loading|not open|not opening|not respond|not responding|white screen|
        blank page|blank screen|blank|weird|strange|odd|off today|seems off|acting up|falls over|fell over|falling over|hacked|messed up|dead|dying|
        stopped working|not come up|not reachable|unreachable|unavailable|error page|gives me an error|gives an error|shows an error|throws an error|returns an error|get an error|getting an error|getting errors|get errors|got an error|error when|error message|an error on|throwing errors|giving errors|gives errors|nobody can|no one can|can not open|not get to|can not access|can not reach|can not see|not reach|spins|spinning|something off|something is off|is off|looks wrong|looks off|not look right|does not look|misbehaving|playing up|not right|died|buggy|glitch|glitchy|
        wonky|flaky|kaputt|screwed up|bust|borked|outage|unusable|error establishing|database connection""",
    "DOWN": "down|offline",
    "READY": "ready|finished|done|be up|be online|be live|go live|complete|come online",
    "UP": "on line|finish|set up|run|work|up|online|live|running|down|reachable|working|works|alive|offline|available|accessible|healthy|reach|respond|responding|up and running|load|loading|dead|okay|ok|fine|ready|done|there|exist|exists|finished|deleted|gone|public|open|still",
    "STATE": """status|state|health|info|information|details|overview|address|web address|internet address|url|link|summary|condition|situation|up to date|created|properties|
        facts|tell me about|how is|how are|how has|doing|checking in on|check in on|checking up on|tell me about|info about|information about|something about|more about|know about|details about|data about|give * update on|any update on|any updates on|news on|news about|ip|where is|where can|where does * live|find|check on|checking on|check up on|which tier|which plan|what tier|what plan|which version|what version|
        where do i find|what is up with|what is the name|uptime""",
    "HELP": """help|how this works|how it works|how this thing works|you are for|list of what you|what you understand|do you understand|what i can say|what can i say|what to say|your job|possibilities|your purpose|what are you for|you can make|you can handle|you handle|what do you can|things i can|i can ask|kind of tasks|sort of things|sorts of things|kinds of things|examples of what|you able|list everything you|everything you can|where to start|where to begin|where do i begin|help me|commands|what can you|what do you do|what is it you do|what is it that you do|what else can|what are you able|able to do|how does this work|how do you work|how do i use|
        how does it work|capabilities|where do i start|get started|getting started|what is this|
        who are you|what are you|what should i do|i am new|i am lost|how can you help|what can i|what could you|which things can|your skills|what all can|
        show me around|what is possible|what do you know|what do you offer|abilities|tutorial|what now|what next|how do i start|how do i begin|are you a|are you an|are you human|features|not know what to do|ask you|can i ask|am i talking to|introduce yourself|about yourself|tell me about yourself|explain yourself|guide me|who made you|can this do|the options|my options|
        what is aipress|does aipress|can aipress|you offer|
        things can you do|things you can do|which commands|can you help with|you help with|what kind of things|what you can do|what you do|what you are able|you can do""",
    "GREET": "hi|hello|hey|good morning|good afternoon|good evening|greetings|howdy|hiya|yo|hallo|hey there|hi there|hello there|morning|evening|what is up|whats up|sup|how are you|how are you doing",
    "THANKS": "thanks|thank you|cheers|ta|great|perfect|awesome|nice|cool|ok|okay|good|wonderful|brilliant|lovely|super|fine|sounds good|well done",
    # what this platform does not do by chat
    "FOREIGN": """post|posts|page|pages|article|articles|menu item|header|footer|logo|image|images|photo|photos|picture|pictures|comment|comments|
        user|users|account|customer|customers|product|products|order|orders|theme|plugin|plugins|password|passwords|widget|widgets|typo|typos|
        email|emails|e-mail|e-mails|newsletter|poem|joke|story|song|recipe|weather|essay|homepage|sidebar|banner|font|colour|color|colours|colors|layout|
        category|categories|tag|tags|form|forms|video|videos|file|files|folder|row|rows|table|tables|spam|code|script|button|slider|gallery|
        member|members|subscriber|subscribers|subscription|text|title tag|translation|flight|hotel|pizza|football|news|stock|joke|movie|film|
        background|favicon|icon|secret|secrets|api key|api keys|token|tokens|credential|credentials|database table|draft|drafts|coupon|coupons|
        javascript|python|css|html|java|function|admin user|author|editor role|role|permission|permissions|checkout page|cart|content|
        card|credit card|snippet|redirect|redirects|word|words|sentence|paragraph|heading|line|item|items|review|reviews|contact form|
        media|library|upload|uploads|attachment|notes|note|reminder|meeting|appointment|calendar|contract|data|database|prompt""",
    "WRITE": """write|reboot|restart|block|ban|migrate|uninstall|subscribe|promote|refund|hire|schedule|remind|draft|compose|translate|paint|sing|book|buy|purchase|order|send|email|mail|tweet|phone|cook|teach|calculate|edit|recommend|
        suggest a|fix the typo|correct|upload|design|describe|summarise|summarize|invent|imagine|pretend|rewrite|proofread|transfer|sell""",
}

METRICS: dict[str, str] = {
    "cache_hit_ratio": """cache hit|well * cached|cached pages share|answered from the cache|answered from cache|hit ratio|cache hits|hit ratio|hit rate|cache ratio|cache rate|cache efficiency|cache effectiveness|how good * cache|
        how well * cache|effective * cache|cache effective|cache * effective|cache performance|cache misses|cached requests|how effective * cache|
        cache doing|caching working|caching doing|cache working|cache working well|served from cache|served from the cache|come from the cache|comes from the cache|come from cache|out of the cache|share * cache|percent * cache|percentage * cache""",
    "slow_queries": "slow query|slow queries|slow sql|slow database queries|long queries|slow db queries|slow mysql|long running queries|queries are slow|queries * slow",
    "db_connections": """database connections|db connections|connections to the database|mysql connections|open connections|connections|conns|db conns|conn|
        connection count|mariadb connections""",
    "db_time": "database time|db time|time * database|time * db|query time|mysql time|sql time|time * mysql|time * queries|database load|spend in the database|spends in the database|spent in the database|spend on queries|time in mysql",
    "redis_bytes": "redis|object cache size|object cache memory|redis memory|object cache",
    "latency_p95": "p95|95th percentile|95th|p 95|ninety-fifth",
    "latency_p99": "p99|99th percentile|99th|p 99|tail latency|worst response|slowest requests|ninety-ninth",
    "latency_p50": """p50|median|response time|response times|latency|average response|load time|load times|page speed|page load|how fast|
        how quick|how quickly|average latency|ttfb|time to first byte|speed|50th percentile|how long * take|how long * load|how long * respond|long * take * load|seconds * load|loading time""",
    "errors": """requests fail|requests failed|requests failing|requests * fail|error rate|error count|number of errors|how many errors|errors per|error ratio|failed requests|number of failed|how many failures|
        failure rate|rate of errors|5xx|count of errors|error percentage|percentage of errors|how often * fail|how many 500s|amount of errors|error chart""",
    "bandwidth": "bandwidth|data * out|data went|data did|much data|amount of data|gigabytes|megabytes|data volume|traffic volume|gb|data transfer|transferred|egress|transfer|outgoing traffic|data sent|gigabytes served|data served|network usage|network traffic|throughput",
    "requests": """how many customers * look|how many customers * looked|how many customers * visited|how many customers * came|how many customers * come|how many customers * visit|customers visited|customers looked at|users visited|how many users * visited|how many users * came|clients visited|how many request|number of request|count of request|traffic|anyone reading|anybody reading|readers|people reading|many people|people look|people looked|visiting|anybody visiting|people came|people come|came to|came by|how many came|dropped by|looked at my|footfall|clicks|page loads|requests|visitors|visits|visitor|hits|page views|pageviews|views|popular|busy|how many people|request rate|request count|
        audience|visitor numbers|page impressions|impressions|requests per|people visited|people visit|rps|visited""",
    "cpu_seconds": "cpu|processor|cpu time|cpu usage|compute time|cpu load|processing power|cpus",
    "memory_bytes": "memory|mem|ram|memory usage|memory use|memory consumption",
    "instances": "instances|instance count|containers|replicas|number of instances|workers",
    "cold_starts": "cold start|cold starts|coldstart|coldstarts|wake up|wake ups|woken|wakeups|cold boots|wake-ups",
    "disk_bytes": "disk|disk space|disk usage|storage|space|disc|disc space|storage space|gigabytes|how big|how large|take up|takes up|hard drive|file size",
    "cron_lag": "cron lag|running behind|runs behind|run behind|jobs * on time|cron * on time|tasks * on time|jobs start late|tasks run late|tasks * delayed|tasks * late|tasks * behind|jobs * late|jobs * behind|jobs * delayed|jobs * overdue|tasks * overdue|schedule * behind|behind schedule|behind * schedule|cron delay|behind * cron|cron * behind|cron * late|late * cron|cron jobs late|cron delayed|overdue cron|cron backlog|lag * cron|delay * cron|scheduled tasks late|cron overdue",
}

METRIC_WORDS = "metric|metrics|statistics|stats|analytics|usage|numbers|figures|measurements|kpi|kpis|performance data|monitoring"

SOURCES: dict[str, str] = {
    "access": "access|access log|access logs|visit log|request log|requests|web server|webserver|nginx|http log|who visited|traffic log|visitor log",
    "php": "php|php-fpm|fpm",
    "wordpress": "wordpress|wp|debug log|debug.log|plugin|plugins",
    "cron": "cron|cron job|cron jobs|scheduled tasks|scheduled jobs|scheduler|cronjob|cronjobs|wp-cron",
    "mail": "mail|email|emails|mails|e-mail|e-mails|smtp|mailer|outgoing mail",
    "platform": "platform|infrastructure|system|hosting",
    "slow": "slow query log|slow log|slow queries log|slow-query log|log of slow queries|slow sql log",
}

LEVELS: dict[str, str] = {
    "error": "error|errors|exception|exceptions|fatal|fatals|critical|failures|failure|fail|failed|crit|err|crashes",
    "warning": "warning|warnings|warn|deprecated|deprecation|deprecations|deprecation notices",
    "notice": "notice|notices",
    "info": "info level|informational|level info|info messages|info lines|info entries|info logs",
    "debug": "debug level|level debug|debug messages|debug lines|debug output|debug entries|debug logs",
}

TIERS: dict[str, str] = {
    "basic": "basic|cheap plan|small plan|cheap tier|small tier|cheap package|small package|entry-level|lower plan|lower tier|free|cheapest|smallest|entry|starter|lowest|cheaper",
    "standard": "standard|std|middle|medium|mid|normal|regular",
    "performance": "performance|strongest|strong plan|powerful plan|big plan|fast plan|fastest|biggest|best|top|highest|premium|largest|most powerful|high performance",
}
