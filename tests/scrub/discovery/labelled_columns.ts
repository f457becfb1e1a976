/** Names and types of columns of public applications, by whether they hold a person's data. @module */

import type { Column } from "../../../lib/engine/schema.ts";
import type { EngineName } from "../../../lib/core/engine_name.ts";

/** Columns of one application or kind of application, all of one type. */
interface Group {
  /** Whose schema they were seen in. */
  readonly seenIn: string;
  readonly engine: EngineName;
  readonly type: string;
  readonly personal: string;
  readonly harmless: string;
}

/** A column, and what a person says of it. */
export interface LabelledColumn {
  readonly engine: EngineName;
  readonly column: Column;
  readonly personal: boolean;
}

const groups: readonly Group[] = [
  {
    seenIn: "school administration, in English and German",
    engine: "postgresql",
    type: "boolean",
    personal:
      "has_free_school_meals free_lunch pupil_premium sen_support care_leaver in_recovery self_harm undocumented " +
      "is_undocumented deported",
    harmless: "published is_supported locked_out recovered has_lunch_menu premium",
  },
  {
    seenIn: "registers of persons, in several languages",
    engine: "mysql",
    type: "int",
    personal:
      "postleitzahl hausnummer hausnr otp login_otp passcode card_last4 matrikel_nr tax_code systolic diastolic_bp " +
      "glucose iq cd4_count",
    harmless: "uniq_visitors sequence_position option_position laptop_count",
  },
  {
    seenIn: "registers of persons, in several languages",
    engine: "mysql",
    type: "datetime",
    personal: "verjaardag fodselsdato foedselsdato data_urodzenia syntymaaika geb geb_am deported_at",
    harmless: "gebucht_am scheduled_at",
  },
  {
    seenIn: "boston-cas, homeless services",
    engine: "postgresql",
    type: "boolean",
    personal:
      "veteran chronic_homeless hiv_aids chronic_health_problem mental_health_problem substance_abuse_problem " +
      "physical_disability disabling_condition hiv_positive ineligible_immigrant family_member child_in_household us_citizen " +
      "asylee lifetime_sex_offender meth_production_conviction requires_wheelchair_accessibility pregnancy_status evicted " +
      "health_prioritized is_currently_youth older_than_65 sober_housing income_maximization_assistance_requested",
    harmless: "available sync_with_cas confidential regular dnd_staff active selected closed editable shelter_agency " +
      "requires_elevator_access interested_in_set_asides rrh_desired sro_ok",
  },
  {
    seenIn: "boston-cas, homeless services",
    engine: "postgresql",
    type: "integer",
    personal:
      "date_of_birth_quality ssn_quality race_id ethnicity_id gender_id veteran_status_id developmental_disability " +
      "domestic_violence days_homeless vispdat_length_homeless_in_days",
    harmless:
      "merged_into split_from vispdat_score assessment_score required_number_of_bedrooms required_minimum_occupancy " +
      "priority attempts lock_days lock_grace_days dnd_interval unavailable_for_length",
  },
  {
    seenIn: "boston-cas, homeless services",
    engine: "postgresql",
    type: "timestamp without time zone",
    personal: "disability_verified_on income_total_monthly_last_collected",
    harmless: "proposed_at stall_contacts_notified release_of_information run_at failed_at rrh_assessment_collected_at",
  },
  {
    seenIn: "applications of clinics",
    engine: "postgresql",
    type: "boolean",
    personal:
      "anxiety back_pain bypolar cancer chest_pain constipation crack_cocaine depression diabetes excess_sweating " +
      "heart_disease hepatitis hypertension neck_stiffness night_sweating palpitation ptsd seizure lymph smoker drinker pregnant " +
      "bedridden diabetic respiratory kidneys leprosy tuberculosis avc_stroke had_heart_attack recently_hospitalized " +
      "mental_issue medicinal_plants alcohol_dependent other_drugs_dependent depression_assessment influenza_vaccination " +
      "blurred_vision etoh vaccinated HIV_serostatus allergies member_disability disability_flag fever nausea cough",
    harmless: "select_multiple is_active first_visit is_incharge image_consent locked is_published needs_review",
  },
  {
    seenIn: "profiles, dating and surveys",
    engine: "mysql",
    type: "tinyint(1)",
    personal: "married female has_children gender_m gender_f race_wh race_bl lgbt lgbtqia preg_par lgbt_status " +
      "immigration_status disability_status activist migrant criminal_affiliation drugs alcohol credit_card_debt earned_income " +
      "indigenous pay_child_support_alimony_arrears four01k_pension relationship_status interested_in_gender vegan",
    harmless:
      "verified lost couple_ticket animals party piercings wifi parking pets washerdryer show_ssj is_onboarded graduate " +
      "trashed start_up sme not_for_profit regional friend business match_making travel_partner cross_path in_college",
  },
  {
    seenIn: "profiles, dating and surveys",
    engine: "mysql",
    type: "int",
    personal:
      "age religion religion_id citizenship_id civil_status_id smoking drinking gender income marital_status_id " +
      "age_range_start weight_kg body_mass_index maiden_name_id salary phone phone_country_code zipcode postal_code " +
      "company_registration_no preg_wks number_of_children date_of_birth_year ethnicity political_party",
    harmless:
      "seeking education_level star_rating price_range capacity accomodation_type furniture internet job_count beds min_area " +
      "max_area industry_id kills level rating monthly_votes height width",
  },
  {
    seenIn: "authors, artists and customers",
    engine: "mysql",
    type: "datetime",
    personal:
      "dob DOB DoB born died born_at died_at born_on died_on birthday marriage_date passport_expiry geburtsdatum Geburtsdatum " +
      "dateofbirth date_of_birth BirthDate death_date ep_passportissueddate ep_passportexpiredate date_naissance dtBirth " +
      "userdob deceasedOn visa_expires_at",
    harmless:
      "created_at updated_at published_at caught_at move_in optout_email_date startTime endTime CheckOutTime fecha_registro " +
      "license_valid_from doj booked_at",
  },
  {
    seenIn: "OpenMRS",
    engine: "mysql",
    type: "tinyint(1)",
    personal: "dead birthdate_estimated deathdate_estimated",
    harmless:
      "voided retired is_set is_hidden locale_preferred allow_decimal combination as_needed dispense_as_written required " +
      "was_substituted satisfied_by_any alert_read preferred searchable initial terminal start_on_startup started",
  },
  {
    seenIn: "OpenMRS",
    engine: "mysql",
    type: "int",
    personal: "allergy_id drug_id cause_of_death diagnosis_coded diagnosis_id allergy_reaction_id answer_drug",
    harmless:
      "min_occurs max_occurs display_precision dx_rank build page_number ordinal repeat_interval sequence_number error_count " +
      "message_state num_refills location_tag_id weight concept_set previous_version lock_until care_setting",
  },
  {
    seenIn: "OpenMRS",
    engine: "mysql",
    type: "datetime",
    personal: "",
    harmless:
      "date_created date_changed date_voided date_retired start_date end_date encounter_datetime date_processed " +
      "date_prepared date_to_expire obs_datetime date_activated auto_expire_date scheduled_date date_enrolled date_completed " +
      "last_execution_time locked_at",
  },
  {
    seenIn: "OrangeHRM",
    engine: "mysql",
    type: "smallint",
    personal:
      "emp_smoker emp_gender nation_code eeo_race dd_routing_num ep_passport_type_flg emp_number employee_number salary_id",
    harmless:
      "fluency competency sort_order number_of_likes number_of_unlikes number_of_comments display_field_group_id smtp_port " +
      "is_enable recurring length priority enabled translated customized mode_of_application file_size action min_rating " +
      "max_rating no_of_positions duration_type leave_period_start_month leave_period_start_day order_hint lft rgt start_increment " +
      "end_increment mon tue wed",
  },
  {
    seenIn: "OrangeHRM",
    engine: "mysql",
    type: "tinyint(1)",
    personal: "",
    harmless:
      "is_value_list is_encrypted is_meta has_heading is_deleted is_list consent_to_keep_data published_in_feed " +
      "exclude_in_reports_if_no_entitlement user_role_predefined is_default use_filter_field is_assignable can_read can_create",
  },
  {
    seenIn: "OrangeHRM",
    engine: "mysql",
    type: "timestamp",
    personal: "",
    harmless:
      "purged_at attached_time econ_extend_start_date punch_in_utc_time punch_out_user_time expiry_date comment_time like_time " +
      "last_notification_view_time last_buzz_view_time post_time share_time credited_date login_time upgraded_date",
  },
  {
    seenIn: "Redmine",
    engine: "postgresql",
    type: "boolean",
    personal: "",
    harmless:
      "onthefly_register is_required is_for_all is_closed is_public mail_option mail_enabled is_in_chlog mail_notification " +
      "admin hide_mail is_in_roadmap is_filter assignable tls locked protected editable visible assignee is_private multiple " +
      "private_notes inherit_members must_change_passwd notify verify_peer twofa_required",
  },
  {
    seenIn: "Redmine",
    engine: "postgresql",
    type: "integer",
    personal: "",
    harmless:
      "filesize downloads port min_length max_length lock_version projects_count done_ratio comments_count position version tyear " +
      "tmonth tweek revision delay topics_count messages_count replies_count builtin sticky inherited_from fields_bits timeout " +
      "visibility twofa_totp_last_used_at lifetime expires_in total_items",
  },
  {
    seenIn: "Solidus",
    engine: "postgresql",
    type: "boolean",
    personal: "",
    harmless:
      "included finalized states_required pending confirmation_delivered frontend_viewable auto_capture promotionable mutable " +
      "resellable available_to_all backorderable propagate_all_variants restock_inventory fulfillable check_stock_on_transfer " +
      "included_in_price show_rate_in_label archived is_master track_inventory default_tax advertise eligible",
  },
  {
    seenIn: "Solidus",
    engine: "postgresql",
    type: "integer",
    personal: "ship_address_id bill_address_id",
    harmless:
      "login_count failed_login_count attachment_width attachment_height attachment_file_size item_count count_on_hand depth " +
      "zone_members_count usage_limit per_code_usage_limit number_of_codes lane icon_file_size reverse_charge_status",
  },
  {
    seenIn: "Solidus",
    engine: "postgresql",
    type: "timestamp with time zone",
    personal: "",
    harmless:
      "last_request_at current_login_at last_login_at attachment_updated_at shipped_at completed_at approved_at canceled_at " +
      "available_on invalidated_at icon_updated_at starts_at expires_at discontinue_on",
  },
  {
    seenIn: "Mastodon, diaspora* and Discourse",
    engine: "postgresql",
    type: "boolean",
    personal: "",
    harmless:
      "unread keep_direct keep_pinned keep_polls keep_media keep_self_fav memorial discoverable hide_collections trendable indexable " +
      "all_day contacts_visible chat_enabled code_used sharing receiving ppid nsfw public_details getting_started disable_mail " +
      "show_community_spotlight_in_stream auto_follow_back strip_exif otp_required_for_login pinned_globally",
  },
  {
    seenIn: "Mastodon, diaspora* and Discourse",
    engine: "postgresql",
    type: "integer",
    personal: "",
    harmless:
      "lock_version followers_count following_count protocol feature_approval_policy id_scheme likes_count reshares_count " +
      "vote_count taggings_count sign_in_count response_time consumed_timestep avatar_file_size header_storage_schema_version " +
      "suspension_origin account_count pinned_count page_views",
  },
  {
    seenIn: "Mastodon, diaspora* and Discourse",
    engine: "postgresql",
    type: "timestamp without time zone",
    personal: "",
    harmless:
      "overruled_at avatar_updated_at last_webfingered_at silenced_at suspended_at sensitized_at reviewed_at offline_since " +
      "interacted_at remember_created_at current_sign_in_at reset_password_sent_at last_seen remove_after exported_at pinned_at " +
      "bumped_at",
  },
  {
    seenIn: "CONSUL",
    engine: "postgresql",
    type: "boolean",
    personal: "",
    harmless:
      "email_on_comment public_activity newsletter registering_with_oauth email_digest official_position_badge " +
      "created_from_signature public_interests recommended_debates header",
  },
  {
    seenIn: "CONSUL",
    engine: "postgresql",
    type: "timestamp without time zone",
    personal: "date_of_birth",
    harmless:
      "hidden_at residence_verified_at letter_requested_at confirmed_hide_at level_two_verified_at erased_at password_changed_at",
  },
  {
    seenIn: "openSIS and opensourcepos",
    engine: "mysql",
    type: "int",
    personal: "ethnicity_id staff_address_id staff_phone_id giftcard_number gender address_id",
    harmless:
      "count_weighted_factors count_unweighted_factors syear total_seats availability rollover_id full_day_minute class_size " +
      "cum_rank mp_rank isdraft istrash failed_login points_earned print_sequence tax_group_sequence cascade_sequence hash_version " +
      "trans_items line quantity deleted package_id rounding_code tax_code_type",
  },
  {
    seenIn: "GOV.UK's publishing applications",
    engine: "mysql",
    type: "int",
    personal: "",
    harmless:
      "number_of_pages ordering lead_ordering published_major_version published_minor_version ministerial_ordering seniority " +
      "whip_ordering precision user_facing_version stale_lock_version unique_pageviews reference_count range",
  },
  {
    seenIn: "GOV.UK's publishing applications",
    engine: "mysql",
    type: "tinyint(1)",
    personal: "political handles_fatalities register_of_interests_health",
    harmless:
      "accessible safely_resluggable lead all_nation_applicability external force_published minor_change stub enabled " +
      "manually_numbered_headings foi_exempt ocpa_regulated public_meetings public_minutes regulatory_function bulk cabinet_member " +
      "permanent_secretary on confirmed redirect disabled remotely_signed_out",
  },
  {
    seenIn: "names run together, of several applications",
    engine: "mysql",
    type: "int",
    personal:
      "ipaddress userip lastip remoteIP clientIpAddr homephone mobilePhone cellphone workphone telefonnummer phno_phone " +
      "annual_pay basicpay hourlyPayRate nhsno NHSNumber ssnLast4 lastseenlat lastseenlng userage patientage guestage cardno " +
      "accountNo policynumber pincode postcode bankSortCode emp_salary einkommen edad tel no_telp faxno",
    harmless:
      "page pages homepage stage package packagecount version shipping skip skipcount opinion description position latest " +
      "flatten platform pinned zipped cardinality discount imagecount storagelimit messagecount usagecount percentage relationships " +
      "descriptionlength lineagedepth languageindex managerlevel coveragepct tooltip clipcount spinrate longest later payloadsize " +
      "paymentcount discardcount wildcardcount scorecard platformversion hotelstars cabinetcount deadlinehours tracelevel " +
      "buildnumber pageNumber statuscode status_code error_code versionNumber row_number line_no attempt_no",
  },
  {
    seenIn: "names run together, of several applications",
    engine: "postgresql",
    type: "boolean",
    personal:
      "isPregnant hivpositive bloodgroupknown isSmoker hasDisability unionmember trade_union_member tradeUnion criminal_record " +
      "criminalRecordDeclared convicted gay isMuslim religious churchmember onBenefits bankrupt isDeceased fingerprinted refugee " +
      "ismale divorced organDonor wheelchairUser CPR_health_cert accept_smoker schwanger registered_disabled biometric_enrolled",
    harmless:
      "isDeleted isActive hasImage disabled pinned archived phone_verified address_confirmed account_locked email_verified " +
      "card_enabled isPaginated zipped skipped stageable manageable flattened traceable hasRelationship unread multipage",
  },
  {
    seenIn: "names run together, of several applications",
    engine: "postgresql",
    type: "timestamp with time zone",
    personal:
      "birthtime diagnosedAt vaccinated_on convictedAt arrested_at divorced_on deceasedAt lastPeriodStart hospitalised_at baptised_on",
    harmless:
      "createdAt lastLoginAt pinnedUntil phone_verified_at account_locked_at archivedAt packagedAt shipped_on stagedAt " +
      "deadlineAt skippedAt messageSentAt",
  },
  {
    seenIn: "services for homeless people, benefits and personnel",
    engine: "postgresql",
    type: "integer",
    personal:
      "AmIndAKNative Asian BlackAfAmerican NativeHIOtherPacific White RaceNone Ethnicity Gender VeteranStatus " +
      "WorldWarII KoreanWar VietnamWar DesertStorm MilitaryBranch Transgender Questioning NonBinary Woman Man " +
      "HispanicLatinaeo MidEastNAfrican DOBDataQuality SSNDataQuality anyone_new_mom new_mom citizen " +
      "anyone_disabled everyone_a_citizen income_alimony income_pension income_retirement court_ordered homeless " +
      "submit_ssn income_social_security sex birthday anyone_married pathways_domestic_violence " +
      "pathways_disabled_housing chronically_homeless_for_cas tc_hat_additional_days_homeless receive_benefits " +
      "in_street_situation has_personal_hygiene unknown_mother unknown_father family_members family_income_cents " +
      "self_employed_monthly_income unemployment_income has_proof_of_income medical michigan_resident " +
      "need_medical_expense_help_3_months dependent_care vehicle_income race_id gender_id ethnicity_id " +
      "religion_sect_id hold_salary is_medical_allowance cnic_expiry_date vaccinated marriage_date disability " +
      "passport_expiry social_security_other_date specific_religion monthly_medical_expenses stable_housing " +
      "living_situation CurrentLivingSituation requesting_food_assistance anyone_pay_student_loan_interest " +
      "monthly_court_ordered_expenses rent_expense insured",
    harmless: "otp_enabled otp_failed_attempts otp_challenge_expires mailing resides_in_state attempts failed_at " +
      "hours_per_week force completed_at consent_to_terms sms_consented upload_paperwork members_count " +
      "applied_before signed_at driven_at api_update_in_process api_last_updated_at generate_history_pdf " +
      "sync_with_cas rrh_assessment_score required_minimum_occupancy encampment_decomissioned demographic_dirty " +
      "lock_version wip LeaveSituation14Days MovedTwoOrMore DataCollectionStage registry_updated pet_quantity " +
      "refuse_registration finished form_updated rooms electric_power out_area moving responsible laptop_allowed " +
      "fuel_allowed is_overtime is_off_day_working attendance_exempted vehicle_assignment_date " +
      "contract_start_date laptop_assignment_date is_sub_department_head avatar_file_size avatar_updated_at " +
      "is_finalize start_date pay_month formatted_hour sort_order employer_is_taxable is_selected bonus1_allowed " +
      "late_exempted holiday_quota_encashment confimration_due_date utility_heat utility_phone " +
      "cell_phone_allowed",
  },
  {
    seenIn: "surveys of pupils, of missing people and of a census",
    engine: "postgresql",
    type: "boolean",
    personal:
      "race_indian race_asian race_black race_pacific race_white race_other lives_foster_family lives_shelter " +
      "lives_jail h_age is_hispanic is_male behavior_alcohol relate_healthy hadsex condom contraceptive preg sti " +
      "sexintent_delaysex_hs havesex abstain_yes_sti criminal_affiliation DNA_family sexchange_surgery " +
      "amputation chronic_disease prosthesis glasses contact_lens body_hair tattoos facial_moles " +
      "facial_birth_marks facial_scars hands_scars physical_disabilities mental_disabilities mental_illness " +
      "sight_disabilities ear_disabilities ethnicity age_alloc_flag citizenship_alloc_flag " +
      "year_of_naturalization_alloc_flag self_care_alloc_flag hearing_difficulty_alloc_flag " +
      "vision_difficulty_alloc_flag ambulatory_difficulty_alloc_flag cognitive_difficulty_alloc_flag " +
      "gave_birth_last_year_alloc_flag medicare_coverage_given_through_eligibility_alloc_flag " +
      "govt_assistance_alloc_flag detailed_hispanic_origin_alloc_flag interest_dividend_rental_income_alloc_flag " +
      "marital_status_alloc_flag divorced_last_year_alloc_flag widowed_last_year_alloc_flag " +
      "military_service_alloc_flag place_of_birth_alloc_flag detailed_race_alloc_flag sex_allocation_flag " +
      "supplementary_security_income_alloc_flag wages_and_salary_income_alloc_flag native_american_recode " +
      "asian_recode native_hawaiian_recode pacific_islander_recode",
    harmless: "lang_sp observed_delivery conducted_training provided_tta observers_grantee facilitators_total " +
      "facilitators_observed_just_once provider_new done is_test can_pool minutes_taught highschool_headcount " +
      "newface_ms_headcount taught_everything adapted_anything did_entry_survey quality_interest " +
      "quality_will_share intent_plans intent_study screen_grade m_grade percep_clear finance_budget " +
      "finance_track clothes dataset_update_continously dataset_last_update dataset_date_imported com_device " +
      "legal_order editor_role user_role superadmin_role report_institution row_number person_weight " +
      "industry_alloc_flag class_of_worker_alloc_flag vehicle_occupancy_alloc_flag grade_attending_alloc_flag " +
      "school_enrollment_alloc_flag last_worked_alloc_flag migpuma_o gismatch10 period award_amount " +
      "nonprep_funding delivery_sequence total_grantee_award allocation_training using_optpout",
  },
];

const kinds: readonly (readonly [RegExp, Column["kind"]])[] = [
  [/^(boolean|tinyint\(1\))/, "boolean"],
  [/^(timestamp|datetime)/, "timestamp"],
  [/^/, "integer"],
];

/** Every column of the list. */
export const labelledColumns: readonly LabelledColumn[] = groups.flatMap(({ engine, type, personal, harmless }) =>
  ([[personal, true], [harmless, false]] as const).flatMap(([names, isPersonal]) =>
    names.split(" ").filter((name) => name !== "").map((name): LabelledColumn => ({
      engine,
      personal: isPersonal,
      column: {
        name,
        type,
        kind: kinds.find(([pattern]) => pattern.test(type))?.[1] ?? "integer",
        nullable: false,
        hasDefault: true,
        generated: false,
      },
    }))
  )
);
